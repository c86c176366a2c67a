//! Words to arguments: variables and commands are put in, fields are split, names of files are matched.

use super::Unsupported;
use super::ast::{Part, Word};
use super::run::Machine;
use crate::wildcard;

/// A character of a word, with what may still be done with it.
#[derive(Clone, Copy)]
struct Letter {
    character: char,
    /// Of a wildcard: only outside of quotes.
    matches: bool,
}

impl Machine<'_> {
    /// Each word may become no argument, one or many.
    pub(super) fn arguments(&mut self, words: &[Word]) -> Result<Vec<String>, Unsupported> {
        let mut arguments = Vec::new();
        for word in words {
            self.fields(word, &mut arguments)?;
        }
        Ok(arguments)
    }

    /// The one text of a word, as an assignment takes it.
    pub(super) fn text(&mut self, word: &Word) -> Result<String, Unsupported> {
        let mut text = String::new();
        for part in word {
            match part {
                Part::Plain(plain) | Part::Quoted(plain) => text.push_str(plain),
                other => text.push_str(&self.value(other)?),
            }
        }
        Ok(text)
    }

    fn fields(&mut self, word: &Word, arguments: &mut Vec<String>) -> Result<(), Unsupported> {
        let mut field: Option<Vec<Letter>> = None;
        let mut found = Vec::new();
        for part in word {
            match part {
                Part::Plain(text) => {
                    field
                        .get_or_insert_default()
                        .extend(text.chars().map(|character| Letter { character, matches: true }));
                }
                Part::Quoted(text) => {
                    field
                        .get_or_insert_default()
                        .extend(text.chars().map(|character| Letter { character, matches: false }));
                }
                Part::Variable { quoted: true, .. } | Part::Command { quoted: true, .. } => {
                    let text = self.value(part)?;
                    field
                        .get_or_insert_default()
                        .extend(text.chars().map(|character| Letter { character, matches: false }));
                }
                Part::Variable { .. } | Part::Command { .. } | Part::Arithmetic { .. } => {
                    for character in self.value(part)?.chars() {
                        if character.is_ascii_whitespace() {
                            found.extend(field.take());
                        } else {
                            field.get_or_insert_default().push(Letter { character, matches: true });
                        }
                    }
                }
            }
        }
        found.extend(field);
        for letters in found {
            self.names(&letters, arguments);
        }
        Ok(())
    }

    fn value(&mut self, part: &Part) -> Result<String, Unsupported> {
        match part {
            Part::Plain(text) | Part::Quoted(text) => Ok(text.clone()),
            Part::Variable { name, default, .. } => match (self.variable(name), default) {
                (value, Some(default)) if value.is_empty() => self.text(default),
                (value, _) => Ok(value),
            },
            Part::Command { script, .. } => {
                let text = self.captured(script)?;
                Ok(text.trim_end_matches('\n').to_owned())
            }
            Part::Arithmetic { text } => {
                let value = super::arithmetic::value(text, &|name| self.variable(name));
                let value =
                    value.ok_or_else(|| Unsupported(format!("`$(({text}))` is not interpreted without a shell")))?;
                Ok(value.to_string())
            }
        }
    }

    /// The files that a field means, or itself. A pattern that starts where we do not know stays as it is, as it does where
    /// no file fits.
    fn names(&mut self, letters: &[Letter], arguments: &mut Vec<String>) {
        let text: String = letters.iter().map(|letter| letter.character).collect();
        let is_pattern = letters.iter().any(|letter| letter.matches && matches!(letter.character, '*' | '?'));
        if !is_pattern || !text.starts_with('/') {
            return arguments.push(text);
        }
        let mut found = vec![String::new()];
        for part in text.split('/').skip(1) {
            found = if wildcard::is_pattern(part) {
                let within = |folder: &String| -> Vec<String> {
                    let names = self.node().list(if folder.is_empty() { "/" } else { folder }).unwrap_or_default();
                    let fits = |name: &String| {
                        wildcard::matches(part, name) && (part.starts_with('.') || !name.starts_with('.'))
                    };
                    names.iter().filter(|name| fits(name)).map(|name| format!("{folder}/{name}")).collect()
                };
                found.iter().flat_map(within).take(super::run::MOST_WORDS).collect()
            } else {
                found.into_iter().map(|folder| format!("{folder}/{part}")).collect()
            };
        }
        found.retain(|path| self.node().stat(path).is_some());
        if found.is_empty() { arguments.push(text) } else { arguments.extend(found) }
    }
}
