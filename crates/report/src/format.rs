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
    Oscal,
    Pdf,
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
        Self::Oscal,
        Self::Pdf,
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
            Self::Oscal => "oscal",
            Self::Pdf => "pdf",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Terminal => "Text",
            Self::Json => "JSON",
            Self::Ndjson => "JSON, a line for each finding",
            Self::Yaml => "YAML",
            Self::Sarif => "SARIF",
            Self::Junit => "JUnit XML",
            Self::Csv => "CSV",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
            Self::Gitlab => "GitLab report",
            Self::PolicyReport => "PolicyReport",
            Self::OpenReports => "OpenReports",
            Self::Oscal => "OSCAL assessment results",
            Self::Pdf => "PDF",
        }
    }

    /// The media type of its bytes.
    pub fn media(self) -> &'static str {
        match self {
            Self::Terminal => "text/plain; charset=utf-8",
            Self::Json | Self::Gitlab | Self::Oscal => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Yaml | Self::PolicyReport | Self::OpenReports => "application/yaml",
            Self::Sarif => "application/sarif+json",
            Self::Junit => "application/xml",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }

    /// The usual ending of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Terminal => "txt",
            Self::Json | Self::Gitlab | Self::Oscal => "json",
            Self::Ndjson => "ndjson",
            Self::Yaml | Self::PolicyReport | Self::OpenReports => "yaml",
            Self::Sarif => "sarif",
            Self::Junit => "xml",
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Pdf => "pdf",
        }
    }

    pub fn is_text(self) -> bool {
        self != Self::Pdf
    }

    /// Whether it says more than the findings where a framework is asked for.
    pub fn answers_frameworks(self) -> bool {
        matches!(self, Self::Terminal | Self::Json | Self::Yaml | Self::Markdown | Self::Html | Self::Oscal | Self::Pdf)
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
        assert!("docx".parse::<Format>().unwrap_err().contains("use one of terminal, json, "));
    }
}
