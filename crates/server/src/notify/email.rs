//! E-mail by SMTP over TLS, through the server that the settings name; only one on this very machine may do without.

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Mailboxes};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use rampart_store::SealKey;

use super::address::is_loopback;
use super::message::Message;
use super::sender::{DEADLINE, Outcome, Sender};
use super::settings::{Security, Smtp};

/// Addresses that one route may have.
const ADDRESSES: usize = 50;

/// Reads a list of addresses, separated by commas.
///
/// # Errors
/// The sentence that says what is wrong with it.
pub(super) fn addresses(list: &str) -> Result<Vec<Mailbox>, String> {
    if list.contains(char::is_control) {
        return Err("the list of addresses holds a control character".to_owned());
    }
    let read: Mailboxes =
        list.parse().map_err(|_| "the target is no list of e-mail addresses, separated by commas".to_owned())?;
    let all: Vec<Mailbox> = read.into_iter().collect();
    if all.is_empty() || all.len() > ADDRESSES {
        return Err(format!("name 1 to {ADDRESSES} e-mail addresses"));
    }
    Ok(all)
}

pub(super) async fn send(sender: &Sender, key: &SealKey, target: &str, message: &Message) -> Outcome {
    let Some(smtp) = &sender.settings.smtp else {
        return Outcome::Later("no mail server is set; name one in the settings of notifications".to_owned());
    };
    let mail = match letter(smtp, target, message) {
        Ok(mail) => mail,
        Err(why) => return Outcome::Never(why),
    };
    if let Err(why) = sender.lookup.host(&smtp.server).await {
        return Outcome::Later(why);
    }
    let transport = match transport(smtp, key) {
        Ok(transport) => transport,
        Err(why) => return Outcome::Later(why),
    };
    match transport.send(mail).await {
        Ok(_) => Outcome::Sent,
        Err(error) if error.is_permanent() => Outcome::Never(format!("the mail server refused it: {error}")),
        // Without an answer nobody knows whether the server took it.
        Err(error) if error.is_timeout() => {
            Outcome::Never(format!("no answer of the mail server, so it may have arrived: {error}"))
        }
        Err(error) => Outcome::Later(format!("the mail server did not take it: {error}")),
    }
}

fn letter(smtp: &Smtp, target: &str, message: &Message) -> Result<lettre::Message, String> {
    let from: Mailbox = smtp.from.parse().map_err(|_| "the sender's address in the settings is none".to_owned())?;
    let host = smtp.from.rsplit_once('@').map_or("rampart", |(_, host)| host.trim_end_matches('>'));
    let mut builder = lettre::Message::builder()
        .from(from)
        .subject(format!("Rampart: {}", message.title()))
        .message_id(Some(format!("<{}@{host}>", message.key)))
        .header(ContentType::TEXT_PLAIN);
    for address in addresses(target)? {
        builder = builder.to(address);
    }
    let (lines, rest) = message.lines();
    let mut text = format!("{}\n\n", message.title());
    for line in lines {
        text.push_str(&format!("- {}\n", line.text()));
    }
    if rest > 0 {
        text.push_str(&format!("\nAnd {rest} more.\n"));
    }
    if let Some(link) = &message.link {
        text.push_str(&format!("\n{link}\n"));
    }
    builder.body(text).map_err(|error| format!("the letter cannot be written: {error}"))
}

fn transport(smtp: &Smtp, key: &SealKey) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
    let refused = |error: lettre::transport::smtp::Error| format!("the mail server cannot be used: {error}");
    let builder = match smtp.security {
        Security::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&smtp.server).map_err(refused)?,
        Security::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&smtp.server).map_err(refused)?,
        Security::None if is_loopback(&smtp.server) => {
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.server)
        }
        Security::None => return Err("only a mail server on this machine may do without TLS".to_owned()),
    };
    let builder = builder.port(smtp.port).timeout(Some(DEADLINE));
    let password = smtp.password(key).map_err(|failure| failure.to_string())?;
    Ok(match (&smtp.user, password) {
        (Some(user), Some(password)) => {
            builder.credentials(Credentials::new(user.clone(), password.expose().to_owned())).build()
        }
        _ => builder.build(),
    })
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn a_list_of_addresses_is_read_and_nothing_else() {
        assert_eq!(addresses("a@x.example, Ops <b@y.example>").unwrap().len(), 2);
        for wrong in ["", "a", "a@x.example\r\nBcc: b@y.example", &"a@x.example,".repeat(60)] {
            assert!(addresses(wrong).is_err(), "{wrong}");
        }
    }
}
