//! People as feeds write them: Atom's and iTunes' elements, or RSS's one line.

use crate::model::{Person, clean_line};
use crate::read::xml::{Node, join};

/// The person that an element tells of; an address in it counts from `base`.
pub(super) fn person_in(node: &Node, base: Option<&str>) -> Option<Person> {
    let child = |names: &[&str]| {
        let nodes = node.elements().filter(|node| names.contains(&node.plain_name()));
        nodes.map(|node| clean_line(&node.text())).find(|text| !text.is_empty())
    };
    let whole = Person {
        name: child(&["name", "itunes:name"]).unwrap_or_default(),
        url: child(&["uri", "url", "homepage"]).map(|url| join(base, &url)),
        email: child(&["email", "itunes:email"]),
    };
    let says_something = |person: &Person| *person != Person::default();
    Some(whole).filter(says_something).or_else(|| Some(person(&node.text())).filter(says_something))
}

/// `aino@lake.example (Aino Virta)`, `Aino Virta <aino@lake.example>`, or a name.
pub(super) fn person(text: &str) -> Person {
    let text = clean_line(text);
    if !text.contains('@') {
        return Person { name: text, ..Person::default() };
    }
    let around = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ',' | '"');
    let email = text.split(around).map(|word| word.trim_start_matches("mailto:")).find(|word| is_mail(word));
    let email = email.map(str::to_owned);
    let words = text.split(around).filter(|word| !word.is_empty() && !is_mail(word.trim_start_matches("mailto:")));
    let name = words.collect::<Vec<_>>().join(" ");
    // A name without a mail address beside it is taken as written.
    Person { name: if email.is_some() { name } else { text }, url: None, email }
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'))
}
