//! Slack, and chats that take the same JSON. The address is a secret of its own where the chat makes it one: then it is
//! the route's secret, and the target only says whose it is.

use rampart_store::Concealed;
use serde_json::{Value, json};

use super::message::{Line, Message, plain};
use super::sender::{Outcome, Sender};

/// Slack refuses longer sections and headings.
const SECTION: usize = 2_900;
const HEADING: usize = 140;

pub(super) async fn send(sender: &Sender, target: &str, secret: Option<&Concealed>, message: &Message) -> Outcome {
    let body = body(message);
    let address = secret.map_or(target, |secret| secret.expose());
    sender.post(address, |request| request.json(&body), false).await
}

fn body(message: &Message) -> Value {
    let title = message.title();
    let (lines, rest) = message.lines();
    let mut blocks = vec![json!({
        "type": "header", "text": { "type": "plain_text", "text": cut(&plain(&title), HEADING), "emoji": false },
    })];
    blocks.extend(lines.iter().map(|line| section(&finding(line))));
    if rest > 0 {
        blocks.push(section(&format!("And {rest} more.")));
    }
    if let Some(link) = &message.link {
        blocks.push(section(&format!("<{}|Open Rampart>", escape(link))));
    }
    json!({ "text": escape(&title), "blocks": blocks })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": cut(text, SECTION), "verbatim": true } })
}

fn finding(line: &Line<'_>) -> String {
    let item = line.item;
    format!(
        "*{}* {} {}\n{} in {}\n{}",
        escape(&item.severity),
        escape(&item.rule),
        escape(&item.change),
        escape(&line.subject()),
        escape(line.cluster),
        escape(&cut(&item.message, 1_000))
    )
}

/// Slack's own three, and a break after each character that would begin markup, a mention or a link.
fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '*' | '_' | '~' | '`' | '@' => {
                shown.push(character);
                // A joiner that is not shown: markup needs its signs next to letters.
                shown.push('\u{2060}');
            }
            _ => shown.push(character),
        }
    }
    shown
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut shown: String = text.chars().take(most).collect();
    shown.push('…');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_become_links_or_mentions() {
        assert_eq!(escape("<!channel> & <http://x|y>"), "&lt;!channel&gt; &amp; &lt;http://x|y&gt;");
        assert_eq!(escape("*b*\n"), "*\u{2060}b*\u{2060}\\u{a}");
    }
}
