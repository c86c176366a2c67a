//! Type-check warnings of a `ValidatingAdmissionPolicy`, as the API server writes them into its status.

use rampart_cel::check::{Declarations, Issue, Type, check, report};
use rampart_cel::{SyntaxError, parse};
use rampart_model::KubernetesVersion;
use serde_json::Value as Tree;

use crate::expression::{items, text};

/// A kind that the policy is about, with the type of its objects.
#[derive(Debug, Clone)]
pub struct Checkable {
    /// `apps/v1`.
    pub api_version: String,
    pub kind: String,
    pub object: Type,
}

/// What may be wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// `spec.validations[0].expression`.
    pub field: String,
    /// For each kind that has any, its name and the issues.
    pub warning: String,
}

/// Checks the expressions of a specification against the kinds that it is about; `params` is the type of the parameters.
pub fn warnings(spec: &Tree, kinds: &[Checkable], params: &Type, kubernetes: KubernetesVersion) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    for kind in kinds {
        let declarations = declarations(spec, kind, params, kubernetes);
        for (position, validation) in items(spec, "validations").enumerate() {
            for part in ["expression", "messageExpression"] {
                let expression = text(validation, part);
                if expression.is_empty() {
                    continue;
                }
                let Some(found) = issues(expression, &declarations) else { continue };
                let said = format!("{}, Kind={}: {found}\n", kind.api_version, kind.kind);
                let field = format!("spec.validations[{position}].{part}");
                match warnings.iter_mut().find(|warning| warning.field == field) {
                    Some(warning) => {
                        warning.warning.push('\n');
                        warning.warning.push_str(&said);
                    }
                    None => warnings.push(Warning { field, warning: said }),
                }
            }
        }
    }
    warnings
}

fn declarations(spec: &Tree, kind: &Checkable, params: &Type, kubernetes: KubernetesVersion) -> Declarations {
    let authorizer = Type::opaque("kubernetes.authorization.Authorizer");
    let mut declarations = Declarations::new([
        ("object", kind.object.clone()),
        ("oldObject", kind.object.clone()),
        ("request", Type::Dyn),
        ("namespaceObject", Type::Dyn),
        ("params", params.clone()),
        ("authorizer", authorizer),
        ("authorizer.requestResource", Type::opaque("kubernetes.authorization.ResourceCheck")),
    ]);
    declarations.kubernetes = kubernetes;
    for variable in items(spec, "variables") {
        let checked = parse(text(variable, "expression")).map(|tree| check(&tree, &declarations).result);
        // A variable that is wrong itself is not wrong again where it is used.
        let of = checked.unwrap_or(Type::Error);
        declarations.variables.push((format!("variables.{}", text(variable, "name")), of));
    }
    declarations
}

/// What is wrong with an expression, as it is printed; none where nothing is.
fn issues(expression: &str, declarations: &Declarations) -> Option<String> {
    let issues = match parse(expression) {
        Ok(tree) => check(&tree, declarations).issues,
        Err(SyntaxError { offset, message }) => vec![Issue { offset, message: format!("Syntax error: {message}") }],
    };
    (!issues.is_empty()).then(|| report(expression, &issues))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_the_kind_has_not_is_a_warning_for_that_kind() {
        let spec = serde_json::from_str(
            r#"{"variables":[{"name":"replicas","expression":"object.replicas"}],
                "validations":[{"expression":"variables.replicas > 1"},{"expression":"object.foo > 1 || variables.replicas == '1'"}]}"#,
        )
        .unwrap();
        let object = Type::object("Deployment", [("replicas".to_owned(), Type::Int)]);
        let kind = |name: &str, object: &Type| Checkable {
            api_version: "apps/v1".to_owned(),
            kind: name.to_owned(),
            object: object.clone(),
        };
        let kinds = [kind("Deployment", &object), kind("Other", &Type::Dyn)];
        let found = warnings(&spec, &kinds, &Type::Dyn, KubernetesVersion::LATEST);
        let [warning] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(warning.field, "spec.validations[1].expression");
        assert!(
            warning
                .warning
                .starts_with("apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'foo'\n | object.foo"),
            "{}",
            warning.warning
        );
        assert!(warning.warning.contains("no matching overload"), "{}", warning.warning);
        assert!(!warning.warning.contains("Kind=Other"));
    }
}
