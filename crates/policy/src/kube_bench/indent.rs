//! Quoted texts of several lines that stand no deeper than their key. Benchmarks have many, and the parser that they were
//! written for takes them; YAML 1.2 (section 8.2) wants them deeper. Blanks at the head of such a line mean nothing, so
//! more of them change no value.

/// Deeper than any key.
const DEEP: &str = "                                                            ";

pub(super) fn deepen(text: &str) -> String {
    let mut deepened = String::with_capacity(text.len());
    let mut open: Option<char> = None;
    // Deeper lines belong to a block of text, where quotes mean nothing.
    let mut block: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if let Some(quote) = open {
            if !content.trim_end().is_empty() {
                deepened.push_str(DEEP);
            }
            deepened.push_str(line);
            open = still_open(content, quote).then_some(quote);
            continue;
        }
        deepened.push_str(line);
        if block.is_some_and(|depth| indent > depth || content.trim_end().is_empty()) {
            continue;
        }
        block = None;
        let mut entry = content;
        let mut depth = indent;
        while let Some(rest) = entry.strip_prefix("- ") {
            depth += entry.len() - rest.len();
            entry = rest.trim_start();
        }
        let Some((_, value)) = entry.split_once(": ").or_else(|| entry.split_once(":\t")) else { continue };
        let value = value.trim_start();
        match value.chars().next() {
            Some('|' | '>') => block = Some(depth),
            Some(quote @ ('"' | '\'')) => {
                let inside = value.get(1..).unwrap_or_default();
                open = still_open(inside, quote).then_some(quote);
            }
            _ => {}
        }
    }
    deepened
}

/// Whether the quote is not closed on this line.
fn still_open(text: &str, quote: char) -> bool {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if quote == '"' => {
                characters.next();
            }
            // Two of them are one inside.
            '\'' if quote == '\'' && characters.peek() == Some(&'\'') => {
                characters.next();
            }
            character if character == quote => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::deepen;

    #[test]
    fn lines_of_open_quotes_are_moved_and_nothing_else() {
        let text = "a:\n  - id: 1\n    text: \"one\n    two\n    three\" # x\n    run: |\n      echo \"\n    last: 'it''s\n    on'\n";
        let moved = deepen(text);
        let moved: Vec<bool> = moved.lines().map(|line| line.starts_with(super::DEEP)).collect();
        assert_eq!(moved, [false, false, false, true, true, false, false, false, true]);
        assert_eq!(deepen("a: \"b\"\nc: d\n"), "a: \"b\"\nc: d\n");
    }
}
