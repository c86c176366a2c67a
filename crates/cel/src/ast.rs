//! The abstract syntax tree, with macros already expanded into nodes of their own.

/// An expression with the byte range of the source that it covers.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub start: u32,
    pub end: u32,
    /// Where its operator, dot or parenthesis stands: the place that messages about it name.
    pub operator: u32,
    /// How deep evaluation may recurse, and how deep its value may nest: what names stand for counts where they are bound.
    pub depth: u32,
}

impl Expr {
    /// A node over a range of the source, as deep as its parts make it.
    pub fn new(kind: ExprKind, start: u32, end: u32) -> Self {
        let depth = depth(&kind);
        Self { kind, start, end, operator: start, depth }
    }

    /// The same with its operator at `operator`.
    #[must_use]
    pub(crate) fn at(self, operator: u32) -> Self {
        Self { operator, ..self }
    }
}

fn depth(kind: &ExprKind) -> u32 {
    let most = |parts: &mut dyn Iterator<Item = &Expr>| parts.map(|part| part.depth).max().unwrap_or(0);
    let below = match kind {
        ExprKind::Literal(_) | ExprKind::Ident { .. } => 0,
        ExprKind::Select { operand, .. } | ExprKind::Has { operand, .. } | ExprKind::Unary { operand, .. } => {
            operand.depth
        }
        ExprKind::Index { operand: left, index: right, .. } | ExprKind::Binary { left, right, .. } => {
            left.depth.max(right.depth)
        }
        ExprKind::Call { target, args, .. } => most(&mut target.as_deref().into_iter().chain(args)),
        ExprKind::Conditional { condition, then, otherwise } => condition.depth.max(then.depth).max(otherwise.depth),
        ExprKind::List(elements) => most(&mut elements.iter().map(|(element, _)| element)),
        ExprKind::Map(entries) => most(&mut entries.iter().flat_map(|entry| [&entry.key, &entry.value])),
        ExprKind::Struct { fields, .. } => most(&mut fields.iter().map(|(_, value, _)| value)),
        ExprKind::Fold(fold) => fold.range.depth + most(&mut fold.filter.iter().chain([&fold.body])),
        ExprKind::Bind { value, body, .. } | ExprKind::OptMap { operand: value, body, .. } => value.depth + body.depth,
        ExprKind::Block { slots, body } => slots.iter().map(|slot| slot.depth).sum::<u32>().saturating_add(body.depth),
    };
    below.saturating_add(1)
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    Literal(Literal),
    /// A name; `absolute` where it is written with a leading dot.
    Ident {
        name: String,
        absolute: bool,
    },
    /// `operand.field`, or `operand.?field`.
    Select {
        operand: Box<Expr>,
        field: String,
        optional: bool,
    },
    /// `has(operand.field)`.
    Has {
        operand: Box<Expr>,
        field: String,
    },
    /// `operand[index]`, or `operand[?index]`.
    Index {
        operand: Box<Expr>,
        index: Box<Expr>,
        optional: bool,
    },
    /// `function(args)` or `target.function(args)`.
    Call {
        function: String,
        target: Option<Box<Expr>>,
        args: Vec<Expr>,
    },
    Unary {
        operator: UnaryOperator,
        operand: Box<Expr>,
    },
    Binary {
        operator: BinaryOperator,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Conditional {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    /// Elements, each with whether it is written `?element`.
    List(Vec<(Expr, bool)>),
    Map(Vec<MapEntry>),
    /// `Type{field: value}`.
    Struct {
        name: String,
        fields: Vec<(String, Expr, bool)>,
    },
    /// A macro over the elements of `range`.
    Fold(Box<Fold>),
    /// `cel.bind(name, value, body)`.
    Bind {
        name: String,
        value: Box<Expr>,
        body: Box<Expr>,
    },
    /// `cel.block([..], body)` of cel-go's optimiser; slots are named by `cel.index(n)`.
    Block {
        slots: Vec<Expr>,
        body: Box<Expr>,
    },
    /// `optMap` and `optFlatMap`.
    OptMap {
        operand: Box<Expr>,
        name: String,
        body: Box<Expr>,
        flat: bool,
    },
}

/// `key: value` of a map, or `?key: value`.
#[derive(Debug, Clone, PartialEq)]
pub struct MapEntry {
    pub key: Expr,
    pub value: Expr,
    pub optional: bool,
}

/// A comprehension: what runs over which names, keeps what, and gives what.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    pub kind: FoldKind,
    pub range: Expr,
    /// The element, or with a second name the index or key.
    pub first: String,
    /// The element or value, in the two-variable macros.
    pub second: Option<String>,
    /// Which elements take part.
    pub filter: Option<Expr>,
    /// The predicate, or what each element becomes.
    pub body: Expr,
}

/// What a comprehension gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    /// `map` and `transformList`.
    ToList,
    /// `sortBy`: the elements in the order of the bodies.
    SortBy,
    /// `transformMap`: the keys stay.
    ToMap,
    /// `transformMapEntry`: each body is a map of new entries.
    ToMapEntry,
}

/// A constant as it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Double(f64),
    String(String),
    Bytes(Vec<u8>),
}

/// `!` and `-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    Not,
    Negate,
}

/// The operators between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}
