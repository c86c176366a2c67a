//! Documents that outlive the evaluation that they were made of.

use std::borrow::Cow;

use super::{
    AnswerEntry, DiagnosticEntry, FindingEntry, FrameworkEntry, GapEntry, LocationEntry, MappingEntry, NamespaceEntry,
    RemedyEntry, Report, RequirementEntry, RuleEntry, SubjectEntry, Text, Tool, TrendEntry, WaivedEntry, WaiverEntry,
};

fn owned(text: Text<'_>) -> Text<'static> {
    Cow::Owned(text.into_owned())
}

impl Report<'_> {
    pub fn into_owned(self) -> Report<'static> {
        Report {
            schema: owned(self.schema),
            tool: Tool { name: owned(self.tool.name), version: owned(self.tool.version) },
            generated: self.generated.map(owned),
            target: owned(self.target),
            score: self.score,
            objects: self.objects,
            kinds: self.kinds.into_iter().map(|(kind, count)| (owned(kind), count)).collect(),
            controls: self.controls,
            rules: self.rules.into_iter().map(|(id, entry)| (owned(id), entry.into_owned())).collect(),
            findings: self.findings.into_iter().map(FindingEntry::into_owned).collect(),
            gaps: self.gaps.into_iter().map(GapEntry::into_owned).collect(),
            waived: self.waived.into_iter().map(WaivedEntry::into_owned).collect(),
            diagnostics: self.diagnostics.into_iter().map(DiagnosticEntry::into_owned).collect(),
            namespaces: self.namespaces.into_iter().map(NamespaceEntry::into_owned).collect(),
            frameworks: self.frameworks.into_iter().map(FrameworkEntry::into_owned).collect(),
            trend: self.trend.into_iter().map(TrendEntry::into_owned).collect(),
        }
    }
}

impl RuleEntry<'_> {
    pub fn into_owned(self) -> RuleEntry<'static> {
        let Self { control, severity, title, why, fix, maps_to, examined, failed, gaps } = self;
        let mapping = |entry: MappingEntry<'_>| MappingEntry { standard: owned(entry.standard), id: owned(entry.id) };
        RuleEntry {
            control,
            severity,
            title: owned(title),
            why: owned(why),
            fix: owned(fix),
            maps_to: maps_to.into_iter().map(mapping).collect(),
            examined,
            failed,
            gaps,
        }
    }
}

impl FindingEntry<'_> {
    pub fn into_owned(self) -> FindingEntry<'static> {
        FindingEntry {
            fingerprint: owned(self.fingerprint),
            rule: owned(self.rule),
            control: self.control,
            severity: self.severity,
            subject: self.subject.into_owned(),
            key: owned(self.key),
            message: owned(self.message),
            path: owned(self.path),
            location: self.location.map(LocationEntry::into_owned),
            value: self.value.map(owned),
            excerpt: self.excerpt.map(owned),
            due: self.due,
            cause: self.cause.map(|cause| Box::new(cause.into_owned())),
            remedies: self.remedies.into_iter().map(RemedyEntry::into_owned).collect(),
        }
    }
}

impl SubjectEntry<'_> {
    pub fn into_owned(self) -> SubjectEntry<'static> {
        let Self { api_version, kind, namespace, name } = self;
        SubjectEntry {
            api_version: owned(api_version),
            kind: owned(kind),
            namespace: owned(namespace),
            name: owned(name),
        }
    }
}

impl LocationEntry<'_> {
    pub fn into_owned(self) -> LocationEntry<'static> {
        let Self { file, line, column, end_line, end_column, document } = self;
        LocationEntry { file: owned(file), line, column, end_line, end_column, document }
    }
}

impl RemedyEntry<'_> {
    pub fn into_owned(self) -> RemedyEntry<'static> {
        match self {
            Self::Set { path, value } => RemedyEntry::Set { path: owned(path), value },
            Self::Remove { path } => RemedyEntry::Remove { path: owned(path) },
            Self::Append { path, value } => RemedyEntry::Append { path: owned(path), value },
            Self::Add { yaml } => RemedyEntry::Add { yaml: owned(yaml) },
        }
    }
}

impl GapEntry<'_> {
    pub fn into_owned(self) -> GapEntry<'static> {
        let Self { control, rule, reason, remedy } = self;
        GapEntry { control, rule: owned(rule), reason: owned(reason), remedy: owned(remedy) }
    }
}

impl WaivedEntry<'_> {
    pub fn into_owned(self) -> WaivedEntry<'static> {
        WaivedEntry { finding: self.finding.into_owned(), waiver: self.waiver.into_owned() }
    }
}

impl WaiverEntry<'_> {
    pub fn into_owned(self) -> WaiverEntry<'static> {
        let Self { rule, reason, owner, expires, origin } = self;
        WaiverEntry {
            rule: owned(rule),
            reason: owned(reason),
            owner: owned(owner),
            expires: owned(expires),
            origin: owned(origin),
        }
    }
}

impl DiagnosticEntry<'_> {
    pub fn into_owned(self) -> DiagnosticEntry<'static> {
        let Self { source, line, column, message, lost } = self;
        DiagnosticEntry { source: owned(source), line, column, message: owned(message), lost }
    }
}

impl NamespaceEntry<'_> {
    pub fn into_owned(self) -> NamespaceEntry<'static> {
        let Self { name, score, complete, parts } = self;
        let parts = parts.into_iter().map(|(part, state)| (owned(part), owned(state))).collect();
        NamespaceEntry { name: owned(name), score, complete, parts }
    }
}

impl FrameworkEntry<'_> {
    pub fn into_owned(self) -> FrameworkEntry<'static> {
        FrameworkEntry {
            id: owned(self.id),
            title: owned(self.title),
            version: owned(self.version),
            source: owned(self.source),
            requirements: self.requirements,
            pass: self.pass,
            fail: self.fail,
            unknown: self.unknown,
            not_assessable: self.not_assessable,
            items: self.items.into_iter().map(RequirementEntry::into_owned).collect(),
        }
    }
}

impl RequirementEntry<'_> {
    pub fn into_owned(self) -> RequirementEntry<'static> {
        let Self { id, title, verdict, rules, note } = self;
        let answer = |answer: AnswerEntry<'_>| AnswerEntry {
            id: owned(answer.id),
            title: owned(answer.title),
            verdict: answer.verdict,
            open: answer.open,
            waived: answer.waived,
        };
        RequirementEntry {
            id: owned(id),
            title: owned(title),
            verdict,
            rules: rules.into_iter().map(answer).collect(),
            note: note.map(owned),
        }
    }
}

impl TrendEntry<'_> {
    pub fn into_owned(self) -> TrendEntry<'static> {
        let Self { day, score, open } = self;
        TrendEntry { day: owned(day), score, open }
    }
}
