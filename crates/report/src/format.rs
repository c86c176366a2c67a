//! The names of the formats.

use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Terminal,
    Json,
    Ndjson,
    Yaml,
    Sarif,
    Junit,
    Csv,
    Markdown,
    Html,
    Gitlab,
    PolicyReport,
    OpenReports,
}

impl Format {
    pub const ALL: &[Format] = &[
        Self::Terminal,
        Self::Json,
        Self::Ndjson,
        Self::Yaml,
        Self::Sarif,
        Self::Junit,
        Self::Csv,
        Self::Markdown,
        Self::Html,
        Self::Gitlab,
        Self::PolicyReport,
        Self::OpenReports,
    ];

    /// The name on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Yaml => "yaml",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Gitlab => "gitlab",
            Self::PolicyReport => "policyreport",
            Self::OpenReports => "openreports",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.to_ascii_lowercase();
        let name = match lower.as_str() {
            "text" | "table" => "terminal",
            "md" => "markdown",
            "yml" => "yaml",
            other => other,
        };
        Self::ALL.iter().copied().find(|format| format.id() == name).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|format| format.id()).collect();
            format!("unknown format `{text}`: use one of {}", known.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn every_format_is_found_by_its_name_and_by_its_other_names() {
        for format in Format::ALL {
            assert_eq!(format.id().parse(), Ok(*format));
        }
        assert_eq!("Table".parse(), Ok(Format::Terminal));
        assert!("pdf".parse::<Format>().unwrap_err().contains("use one of terminal, json, "));
    }
}
