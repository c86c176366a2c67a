//! A statement that grows: text, and the values of its placeholders.

use crate::failure::Failure;
use crate::row::Row;
use crate::tx::{self, Tx};
use crate::value::Value;

#[derive(Debug, Default, Clone)]
pub(crate) struct Sql {
    text: String,
    values: Vec<Value<'static>>,
}

impl Sql {
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A placeholder for the value.
    pub(crate) fn bind(&mut self, value: impl Into<Value<'static>>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('?');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// ` AND column IN (..)`; an empty list asks for nothing in particular.
    pub(crate) fn one_of<T: Into<Value<'static>>>(
        &mut self,
        column: &str,
        values: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        let mut values = values.into_iter();
        let Some(first) = values.next() else { return self };
        match values.next() {
            None => self.push(" AND ").push(column).push(" = ").bind(first),
            Some(second) => {
                self.push(" AND ").push(column).push(" IN (").bind(first).push(", ").bind(second);
                for value in values {
                    self.push(", ").bind(value);
                }
                self.push(")")
            }
        }
    }

    /// Numbers of the database's own making, written out.
    pub(crate) fn ids(&mut self, column: &str, ids: &[i64]) -> &mut Self {
        match ids {
            [] => self.push("1 = 0"),
            [id] => self.push(column).push(" = ").push(&id.to_string()),
            many => {
                let list: Vec<String> = many.iter().map(ToString::to_string).collect();
                self.push(column).push(" IN (").push(&list.join(", ")).push(")")
            }
        }
    }

    pub(crate) fn query<T>(
        &self,
        tx: &mut Tx<'_>,
        read: impl FnMut(&mut Row) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        tx.query(&self.text, &self.values, read)
    }

    pub(crate) fn first<T>(
        &self,
        tx: &mut Tx<'_>,
        read: impl FnMut(&mut Row) -> Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        tx.first(&self.text, &self.values, read)
    }
}

/// Rows of a list that is too long for one statement. Statements come in few lengths: a list is filled up with its last
/// value.
pub(crate) fn in_parts<T>(
    values: &[String],
    mut each: impl FnMut(&str, &[Value<'_>]) -> Result<Vec<T>, Failure>,
) -> Result<Vec<T>, Failure> {
    let mut found = Vec::new();
    for part in values.chunks(256) {
        let width = [1, 8, 64, 256].into_iter().find(|width| *width >= part.len()).unwrap_or(256);
        let mut bound: Vec<Value<'_>> = part.iter().map(Value::from).collect();
        if let Some(last) = part.last() {
            bound.resize(width, Value::from(last));
        }
        // The first placeholder is the caller's.
        found.extend(each(&tx::list(2, width), &bound)?);
    }
    Ok(found)
}
