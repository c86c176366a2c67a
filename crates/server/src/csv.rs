//! Lists as spreadsheets take them: `?format=csv` gives the whole filtered list, up to a bound that the answer names.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use rampart_report::csv::cell;
use serde::Serialize;

use crate::Problem;
use crate::shape::Page;

/// A row of a table.
pub(crate) trait Row {
    const HEAD: &'static [&'static str];

    fn cells(&self) -> Vec<String>;
}

/// Rows of one download.
pub(crate) const MOST_ROWS: usize = 100_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Csv,
}

impl Format {
    /// # Errors
    /// The word is neither.
    pub(crate) fn parse(word: Option<&str>) -> Result<Self, Problem> {
        match word {
            None | Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some(_) => Err(Problem::invalid("format", "use `json` or `csv`")),
        }
    }
}

/// Answers with a list in the form that was asked for.
pub(crate) fn respond<T: Row + Serialize>(format: Format, name: &str, page: &Page<T>) -> Response {
    if format == Format::Json {
        return axum::Json(page).into_response();
    }
    let mut text = String::new();
    push(&mut text, T::HEAD.iter().copied());
    for item in &page.items {
        let cells = item.cells();
        push(&mut text, cells.iter().map(String::as_str));
    }
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"rampart-{name}.csv\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    if page.next.is_some() {
        // Whoever reads the file by program can tell that it is not all.
        headers.insert(HeaderName::from_static("rampart-truncated"), HeaderValue::from_static("true"));
    }
    response
}

fn push<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (position, shown) in cells.enumerate() {
        if position > 0 {
            text.push(',');
        }
        text.push_str(&cell(shown));
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[derive(Serialize)]
    struct Name(&'static str);

    impl Row for Name {
        const HEAD: &'static [&'static str] = &["name"];

        fn cells(&self) -> Vec<String> {
            vec![self.0.to_owned()]
        }
    }

    #[tokio::test]
    async fn a_name_cannot_become_a_formula() {
        let page = Page::whole(vec![Name("=cmd|' /C calc'!A0"), Name("shop")]);
        let response = respond(Format::Csv, "names", &page);
        let body = to_bytes(response.into_body(), 1000).await.unwrap();
        assert_eq!(&body[..], b"name\r\n\"'=cmd|' /C calc'!A0\"\r\nshop\r\n");
    }
}
