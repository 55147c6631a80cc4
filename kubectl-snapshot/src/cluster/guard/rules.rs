//! Rules of the guard, as CEL that the API server evaluates.
//!
//! A right that is asked for costs a third of what the server grants to one
//! expression, so no expression asks for two. Texts have no word "cannot": by it
//! the plugin tells what RBAC refuses from what admission refuses.

/// Rule for a request, with its message.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// True where the request may go on.
    pub(super) holds: &'static str,
    /// Message for the user where it is false.
    pub(super) otherwise: &'static str,
}

/// Condition for the requests that the guard checks: those for the namespace itself, and
/// for what has the name or the label of a part, before or after. Others' ConfigMaps may
/// live in the namespace as well.
pub(super) const CONDITION: &str = "\
    request.resource.resource == 'namespaces' || [object, oldObject].exists(it, it != null && (\
    it.metadata.name.matches('^(snapshot|chunk|records|chains|evidence|removals|stages|repositories|flagsources|policies|variables)[.]') \
    || 'kubectl-snapshot.dev/part' in it.metadata.?labels.orValue({})))";

/// The words of the rules; each is evaluated at most once, where it is used.
///
/// The name is the object's own: a request to create with `generateName`, and
/// one to delete many, has none.
pub(super) const VARIABLES: [(&str, &str); 22] = [
    // Untyped: a ConfigMap or the namespace, which have not the same members.
    ("after", "dyn(object)"),
    ("before", "dyn(oldObject)"),
    ("subject", "variables.after == null ? variables.before : variables.after"),
    ("operation", "request.operation.lowerAscii()"),
    ("caller", "request.userInfo.username"),
    ("name", "variables.subject.metadata.name"),
    (
        "part",
        "variables.name.matches('^(snapshot|chunk|records|chains|evidence|removals|stages|repositories|flagsources|policies|variables)[.]') \
         ? variables.name.split('.', 2)[0] : ''",
    ),
    ("entry", "variables.name.substring(size(variables.part) + 1)"),
    ("label", "variables.subject.metadata.?labels[?'kubectl-snapshot.dev/part'].orValue('')"),
    ("group", "variables.subject.metadata.?labels[?'kubectl-snapshot.dev/of'].orValue('')"),
    ("data", "variables.subject.?data.orValue({})"),
    ("kind", "variables.data[?'kind'].orValue('')"),
    ("stage", "variables.data[?'stage'].orValue('')"),
    ("number", "variables.data[?'number'].orValue('')"),
    ("verdict", "variables.data[?'verdict'].orValue('')"),
    ("noted", "variables.subject.metadata.?annotations.orValue({})"),
    // The number that a chain has reached.
    (
        "reached",
        "variables.before != null && variables.before.?data[?'number'].orValue('').matches('^[0-9]{1,9}$') \
         ? int(variables.before.data.number) : 0",
    ),
    (
        "same",
        "variables.after != null && variables.before != null \
         && variables.after.?data.orValue({}) == variables.before.?data.orValue({}) \
         && variables.after.?binaryData.orValue({}) == variables.before.?binaryData.orValue({}) \
         && variables.after.?immutable.orValue(false) == variables.before.?immutable.orValue(false) \
         && variables.after.metadata.?labels.orValue({}) == variables.before.metadata.?labels.orValue({}) \
         && variables.after.metadata.?annotations.orValue({}) == variables.before.metadata.?annotations.orValue({})",
    ),
    // The right that it takes: a verb on a resource, perhaps of a name.
    (
        "verb",
        "variables.operation == 'delete' ? 'delete' \
         : variables.part in ['records', 'chains'] ? 'promote' \
         : variables.part == 'evidence' && variables.kind == 'approval' ? 'approve' \
         : variables.operation",
    ),
    (
        "resource",
        "variables.part in ['snapshot', 'chunk'] ? 'snapshots' \
         : variables.verb in ['promote', 'approve'] ? 'stages' \
         : variables.part",
    ),
    (
        "of",
        "variables.verb == 'approve' || variables.verb == 'promote' && variables.part == 'records' \
         ? variables.stage \
         : variables.part in ['chunk', 'records', 'evidence', 'removals'] ? '' \
         : variables.entry",
    ),
    (
        "right",
        "authorizer.group('kubectl-snapshot.dev').resource(variables.resource)\
      .namespace(request.namespace).name(variables.of)",
    ),
];

/// Rules, the plainest first: of several refusals the user reads one.
pub(super) const RULES: [Rule; 18] = [
    Rule {
        holds: "request.resource.resource != 'namespaces'",
        otherwise: "'namespace ' + variables.name + ' keeps the records of its stages; to delete it, remove \
            the guard first: kubectl delete validatingadmissionpolicybinding,validatingadmissionpolicy \
            kubectl-snapshot-guard.' + variables.name",
    },
    Rule {
        holds: "variables.operation == 'delete' || variables.label == variables.part",
        otherwise: "variables.part == '' \
            ? 'the label kubectl-snapshot.dev/part is for parts of the store, and ' + variables.name + ' is none' \
            : variables.name + ' is a part of the store, and needs the label kubectl-snapshot.dev/part: ' + variables.part",
    },
    // The garbage collector may delete whatever it likes. What was there before
    // the guard may still lose its owners and finalizers, but get none.
    Rule {
        holds: "variables.operation == 'delete' \
            || (variables.after.metadata.?ownerReferences.orValue([]) + variables.after.metadata.?finalizers.orValue([])).all(it, \
            variables.before != null && (it in variables.before.metadata.?ownerReferences.orValue([]) \
            || it in variables.before.metadata.?finalizers.orValue([])))",
        otherwise: "variables.name + ' is a part of the store, which has neither ownerReferences nor finalizers'",
    },
    // A write that changes nothing passes: a request may be repeated, and who
    // deletes with --cascade=foreground has the collector remove a finalizer.
    Rule {
        holds: "variables.operation != 'update' || variables.same \
            || !(variables.part in ['snapshot', 'chunk', 'records', 'evidence', 'removals'])",
        otherwise: "variables.name + ' is written once, and not changed while the guard is there' \
            + (variables.part == 'snapshot' ? '; choose another name' : '')",
    },
    Rule {
        holds: "variables.operation != 'delete' \
            || !(variables.part in ['records', 'chains', 'evidence', 'removals']) || !variables.sound",
        otherwise: "variables.name + ' is not deleted by anybody while the guard is there'",
    },
    Rule {
        holds: "variables.operation != 'create' \
            || !(variables.part in ['chunk', 'records', 'evidence', 'removals']) \
            || variables.after.?immutable.orValue(false)",
        otherwise: "variables.name + ' has to be written with immutable: true'",
    },
    Rule {
        holds: "variables.part != 'chunk' || variables.operation != 'create' \
            || variables.entry.matches('^[0-9a-f]{64}$')",
        otherwise: "variables.name + ' is no chunk: its name is chunk. and the digest of its content'",
    },
    Rule {
        holds: "variables.operation != 'create' \
            || !(variables.part in ['records', 'evidence', 'removals']) \
            || variables.data[?'actor'].orValue('') == variables.caller",
        otherwise: "variables.name + ' says that its actor is \"' + variables.data[?'actor'].orValue('') \
            + '\", but it is ' + variables.caller + ' who writes it'",
    },
    // Their groups, as canonical JSON spells them: policies go by them.
    Rule {
        holds: r#"variables.operation != 'create' || variables.part != 'evidence' || !variables.document.contains('"groups":[') || variables.document.contains('"groups":[' + (has(request.userInfo.groups) ? request.userInfo.groups.map(group, '"' + group.replace('\\', '\\\\').replace('"', '\\"') + '"').join(',') : '') + ']')"#,
        otherwise: "variables.name + ' says that its actor is in other groups than ' + variables.caller + ' is'",
    },
    Rule {
        holds: "variables.part != 'records' || variables.operation != 'create' \
            || (variables.number.matches('^[0-9]{6}$') && variables.group == variables.stage \
            && variables.name == 'records.' + variables.stage + '.' + variables.number)",
        otherwise: "variables.name + ' is not the name of record \"' + variables.number + '\" of stage \"' + variables.stage \
            + '\": it is records.STAGE.NUMBER, the number has six digits, and the label kubectl-snapshot.dev/of is STAGE'",
    },
    Rule {
        holds: "variables.part != 'records' || variables.operation != 'create' \
            || (variables.data[?'overridden'].orValue('true') == 'true' \
            && (variables.data[?'event'].orValue('') == 'ended' || variables.data[?'event'].orValue('') == 'decided' \
            && variables.verdict in ['allow', 'warn', 'undecided', 'deny'] \
            && variables.data[?'outcome'].orValue('') in ['approved', 'refused']))",
        otherwise: "variables.name + ' is no record: its event is decided, with a verdict (allow, warn, undecided, deny) \
            and an outcome (approved, refused), or ended; overridden is true or left out'",
    },
    Rule {
        holds: "variables.part != 'records' || variables.operation != 'create' \
            || !(variables.verdict in ['deny', 'undecided']) || variables.data[?'outcome'].orValue('') != 'approved' \
            || 'overridden' in variables.data",
        otherwise: "variables.name + ' approves what the policies did not allow (' + variables.verdict + '), \
            and says of nobody that they overrode it'",
    },
    Rule {
        holds: "variables.part != 'evidence' || variables.operation != 'create' \
            || (variables.entry.matches('^[0-9a-f]{40}[.].+$') && variables.group == variables.entry.substring(0, 40) \
            && variables.kind != '' && (variables.kind != 'approval' || variables.stage != ''))",
        otherwise: "variables.name + ' is no evidence: its name is evidence.DIGEST.ID with 40 digits of the digest, \
            which the label kubectl-snapshot.dev/of repeats; it has a kind and, as an approval, a stage'",
    },
    Rule {
        holds: "variables.part != 'chains' || variables.operation == 'delete' \
            || (variables.number.matches('^[0-9]{1,6}$') && !variables.after.?immutable.orValue(false))",
        otherwise: "variables.name + ' has to have a number, and may not be immutable: it goes on with every record'",
    },
    // What all readers demand, as far as it can be seen here.
    Rule {
        holds: "variables.operation == 'delete' || variables.part == 'snapshot' && variables.operation == 'update' \
            || variables.sound",
        otherwise: "variables.name + ' is not what its readers take for a part of the store: its document, \
            its members and what they say of each other have to agree'",
    },
    // To the next number; elsewhere it is moved by those who mend what somebody has broken.
    Rule {
        holds: "variables.part != 'chains' || variables.operation == 'delete' || variables.same \
            || int(variables.number) == variables.reached + 1 \
            || authorizer.group('kubectl-snapshot.dev').resource('chains').namespace(request.namespace)\
            .name(variables.entry).check('update').allowed()",
        otherwise: "variables.name + ' only goes on to the next number: it has reached ' + string(variables.reached) \
            + ', and ' + variables.number + ' is not one higher'",
    },
    // Chunks belong to no one snapshot: storing them takes the right to store snapshots.
    Rule {
        holds: "variables.part == '' \
            || variables.part in ['snapshot', 'chunk', 'records', 'evidence', 'removals'] \
            && variables.operation == 'update' \
            || variables.right.check(variables.verb).allowed()",
        otherwise: "variables.caller + ' may not ' + variables.verb + ' ' + variables.resource \
            + (variables.of == '' ? '' : '/' + variables.of) + '; ask for a role with the verb ' + variables.verb \
            + ' on ' + variables.resource + '.kubectl-snapshot.dev in namespace ' + request.namespace",
    },
    Rule {
        holds: "variables.part != 'records' || variables.operation != 'create' || !('overridden' in variables.data) \
            || variables.right.check('override').allowed()",
        otherwise: "variables.caller + ' may not override stages/' + variables.stage \
            + '; ask for a role with the verb override on stages.kubectl-snapshot.dev in namespace ' + request.namespace",
    },
];

#[cfg(test)]
mod tests {
    use super::{super::demands::DEMANDS, *};
    use crate::cluster::guard::policy;

    #[test]
    fn texts_are_taken_for_what_admission_says() {
        for rule in RULES {
            assert!(!rule.otherwise.contains(" cannot "), "{}", rule.otherwise);
        }
    }

    #[test]
    fn the_guard_is_removed_by_the_name_that_it_has() {
        let command = RULES[0].otherwise.rsplit(' ').nth(2).unwrap();
        assert_eq!(command.trim_end_matches('\''), policy::name(""));
    }

    #[test]
    fn no_expression_asks_for_two_rights() {
        for rule in RULES {
            assert!(rule.holds.matches(".check(").count() <= 1, "{}", rule.holds);
        }
    }

    #[test]
    fn expressions_are_single_lines_without_gaps() {
        let texts = RULES.into_iter().flat_map(|rule| [rule.holds, rule.otherwise]);
        for text in texts
            .chain(VARIABLES.map(|(_, text)| text))
            .chain(DEMANDS.map(|(_, text)| text))
            .chain([CONDITION])
        {
            assert!(!text.contains('\n') && !text.contains("  "), "{text}");
        }
    }
}
