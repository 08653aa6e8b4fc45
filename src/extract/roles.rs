//! Which of the dates is the event's: the evidence of every date, and the role that its words give it.

use super::blocks::Block;
use super::judged::{Judged, moved_here};
use super::language::{Class, Classes};
use super::mentions::{Mention, What};
use super::page::{Label, Page};
use super::readings::{Reading, readings};
use super::scores::Evidence::{self, *};
use super::scores::{likelihoods, sum};
use super::sessions::Programme;
use super::weigh::{Seen, compare, crossed, evidence, together};
use crate::model::{DeadlineKind, Role};

/// The days of each mention with their evidence, without those that cannot be placed in time.
pub fn judge(page: &Page, programme: &Programme, leaning: &[Evidence]) -> Vec<Judged> {
    let mut judged = Vec::new();
    let mut seen = Seen::default();
    for (index, mention) in page.mentions.iter().enumerate() {
        for reading in readings(page, mention) {
            let label = page.label(mention);
            let role = role(page, mention, label, programme);
            let evidence = evidence(page, mention, &reading, (label, &role), programme, seen);
            let Reading { span, rule, found } = reading;
            let plain = !found.weekday_clash && !found.guessed;
            let (mention, block) = (Some(index), mention.block);
            judged.push(Judged { mention, block, span, role, rule, plain, evidence, likelihood: 0.0 });
        }
        seen.day |= mention.is_day();
        seen.date |= matches!(mention.what, What::Dates(..));
    }
    together(page, programme, &mut judged);
    compare(page, &mut judged, programme);
    for item in &mut judged {
        item.evidence.extend_from_slice(leaning);
        crossed(&mut item.evidence);
    }
    let sums: Vec<f32> = judged.iter().map(|item| sum(&item.evidence)).collect();
    for (item, likelihood) in judged.iter_mut().zip(likelihoods(&sums)) {
        item.likelihood = likelihood;
    }
    judged
}

/// What its words say a mention is. What may be the event's is [`Role::Event`]: how likely, the evidence says.
fn role(page: &Page, mention: &Mention, label: Option<Label>, programme: &Programme) -> Role {
    if moved_here(mention) {
        return Role::Event;
    }
    if programme.blocks.contains(&mention.block) {
        return Role::Session;
    }
    if let Some(kind) = deadline(page, mention, label) {
        return Role::Deadline(kind);
    }
    if label == Some(Label::When) {
        return Role::Event;
    }
    let near = mention.near;
    let says = |classes: &[Class]| near.any(Classes::of(classes));
    if label == Some(Label::OtherDate) || says(&[Class::LabelOtherDate, Class::After, Class::HistoryBefore]) {
        return if says(&[Class::ReleasedBefore]) { Role::Release } else { Role::History };
    }
    if says(&[Class::PublishedBefore]) {
        return Role::Publication;
    }
    if says(&[Class::ReleasedBefore]) {
        return Role::Release;
    }
    Role::Event
}

/// The role of a date, once it is known how likely it is the event's.
pub fn settled(item: &Judged) -> Role {
    let unlikely = item.likelihood < 0.3;
    let has = |piece: Evidence| item.evidence.contains(&piece);
    match item.role {
        Role::Event if unlikely && has(PastEdition) => Role::PastEdition,
        Role::Event if unlikely && has(NextEdition) => Role::NextEdition,
        Role::Event if unlikely && has(DoorsNear) => Role::Doors,
        Role::Event if unlikely => Role::History,
        role if item.likelihood > 0.5 && !matches!(role, Role::Deadline(_)) => Role::Event,
        role => role,
    }
}

fn deadline(page: &Page, mention: &Mention, label: Option<Label>) -> Option<DeadlineKind> {
    let heading = page.heading(mention.block);
    let range = matches!(&mention.what, What::Dates(dates, _) if dates.range);
    let labelled = label == Some(Label::Deadline);
    let when = label == Some(Label::When);
    let before = mention.near.has(Class::DeadlineBefore) && !range;
    let happens = mention.before.has(Class::EventVerb);
    let in_clause = mention.before.has(Class::DeadlineAny) && !when && (!happens || deadline_said_last(page, mention));
    let behind = mention.soon.has(Class::DeadlineAny) && !when && !happens;
    let by_heading = heading.has(Class::DeadlineAny) && !when;
    if !(labelled || before || in_clause || behind || by_heading) {
        return None;
    }
    let mut context = mention.around().with(heading);
    if page.block(mention).is_some_and(Block::is_row) {
        context = context.with(page.classes_in(mention.block, 0, mention.at));
    }
    Some(if context.has(Class::Registration) {
        DeadlineKind::Registration
    } else if context.has(Class::Papers) {
        DeadlineKind::CallForPapers
    } else {
        DeadlineKind::Other
    })
}

/// In the clause before the date, the word for a deadline stands behind the verb of the event.
fn deadline_said_last(page: &Page, mention: &Mention) -> bool {
    let cues = page.cues(mention.block);
    let last = |class: Class| {
        let inside = |at: usize| mention.clause.0 <= at && at < mention.at;
        cues.iter().filter(|cue| cue.classes.has(class) && inside(cue.at as usize)).map(|cue| cue.at).max()
    };
    last(Class::DeadlineAny) > last(Class::EventVerb)
}
