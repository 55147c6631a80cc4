//! Demands of the guard on what is written once: all that its readers demand, as far as CEL can
//! see it. It can neither read JSON nor compute a digest.
//!
//! The same demands say what may be deleted: whatever meets them stays, and what an earlier guard
//! has let in without meeting them can be removed by those who may.
//!
//! An expression may cost the server a tenth of what it grants to a request, and looking for a
//! text in a document of a megabyte costs a quarter of that: hence the parts.

/// The words that say what each part has to be, after those of the rules.
pub(super) const DEMANDS: [(&str, &str); 14] = [
    (
        "document",
        "variables.part == 'records' ? variables.data[?'record'].orValue('') \
         : variables.data[?'evidence'].orValue('')",
    ),
    ("actor", "variables.data[?'actor'].orValue('')"),
    // As canonical JSON spells it.
    ("quoted", r#"'"' + variables.actor.replace('\\', '\\\\').replace('"', '\\"') + '"'"#),
    ("event", "variables.data[?'event'].orValue('')"),
    ("outcome", "variables.data[?'outcome'].orValue('')"),
    ("binary", "variables.subject.?binaryData.orValue({})"),
    // Lists of chunks: a line for each, its digest, bytes and pieces.
    (
        "lists",
        "variables.data.all(key, !key.endsWith('chunks') \
         || variables.data[key].matches('^([0-9a-f]{64} [0-9]{1,6} ([0-9]{1,6}|[+])\\n)*$'))",
    ),
    (
        "record",
        "variables.number.matches('^[0-9]{6}$') && variables.number != '000000' \
         && variables.group == variables.stage \
         && variables.name == 'records.' + variables.stage + '.' + variables.number \
         && variables.data[?'overridden'].orValue('true') == 'true' \
         && (variables.event == 'ended' || variables.event == 'decided' \
         && variables.verdict in ['allow', 'warn', 'undecided', 'deny'] \
         && variables.outcome in ['approved', 'refused']) \
         && variables.lists && size(variables.binary) == 0",
    ),
    (
        "recorded",
        "variables.document.startsWith('{\"actor\":{') && variables.document.endsWith('}') \
         && variables.document.contains('\"name\":' + variables.quoted) \
         && variables.document.contains('\"apiVersion\":\"kubectl-snapshot.dev/v1') \
         && variables.document.contains('\"kind\":\"Record\"') \
         && variables.document.contains('\"number\":' + string(int(variables.number)) + ',')",
    ),
    (
        "told",
        "variables.document.contains('\"event\":\"' + variables.event + '\"') \
         && variables.document.contains('\"stage\":\"' + variables.stage + '\"') \
         && (variables.event == 'ended' ? variables.document.contains('\"result\":\"') \
         && !('verdict' in variables.data) && !('outcome' in variables.data) \
         && !('overridden' in variables.data) \
         : variables.document.contains('\"verdict\":\"' + variables.verdict + '\"') \
         && variables.document.contains('\"decision\":\"' + (variables.outcome == 'refused' \
         ? 'refused' : 'overridden' in variables.data ? 'overridden' : 'approved') + '\"'))",
    ),
    (
        "fact",
        "variables.entry.matches('^[0-9a-f]{40}[.][0-9a-f]{16}$') \
         && variables.group == variables.entry.substring(0, 40) \
         && variables.data[?'snapshot'].orValue('').matches('^sha256:' + variables.group + '[0-9a-f]{24}$') \
         && variables.kind.matches('^[a-z][a-z0-9-]{0,62}$') \
         && variables.data[?'name'].orValue('') != '' \
         && variables.outcome in ['passed', 'failed'] \
         && (variables.kind != 'approval' || variables.stage != '') \
         && ('stage' in variables.data) == (variables.stage != '') \
         && size(variables.binary) == 0 \
         && variables.data.all(key, key in ['actor', 'evidence', 'kind', 'name', 'outcome', 'snapshot', 'stage'])",
    ),
    (
        "attested",
        "size(variables.document) <= 32768 \
         && variables.document.startsWith('{\"apiVersion\":\"kubectl-snapshot.dev/v1') \
         && variables.document.endsWith('}') \
         && variables.document.contains('\"fact\":{\"actor\":' + variables.quoted + ',\"at\":') \
         && variables.document.contains('\"kind\":\"' + variables.kind + '\"') \
         && variables.document.contains('\"kind\":\"Evidence\"') \
         && variables.document.contains('\"outcome\":\"' + variables.outcome + '\"') \
         && variables.document.contains('\"snapshot\":\"' + variables.data[?'snapshot'].orValue('') + '\"') \
         && (variables.stage == '' || variables.document.contains('\"stage\":\"' + variables.stage + '\"'))",
    ),
    (
        "head",
        "variables.entry.matches('^[a-z0-9]([-a-z0-9.]{0,198}[a-z0-9])?$') && variables.entry != 'live' \
         && variables.noted[?'kubectl-snapshot.dev/digest'].orValue('').matches('^sha256:[0-9a-f]{64}$') \
         && variables.noted['kubectl-snapshot.dev/digest'].substring(7, 47) \
         == variables.subject.metadata.?labels[?'kubectl-snapshot.dev/digest'].orValue('') \
         && ['services', 'instances', 'flags', 'bytes'].all(it, \
         variables.noted[?'kubectl-snapshot.dev/' + it].orValue('').matches('^[0-9]{1,15}$')) \
         && 'chunks' in variables.data && variables.lists && 'pieces' in variables.binary \
         && ('metadata.chunks' in variables.data || variables.data[?'metadata'].orValue('').startsWith('{'))",
    ),
    // Whatever is no part of these is none that is written once.
    (
        "sound",
        "variables.part == 'records' ? variables.record && variables.recorded && variables.told \
         : variables.part == 'evidence' ? variables.fact && variables.attested \
         : variables.part == 'chains' ? variables.number.matches('^[0-9]{1,6}$') \
         && variables.data[?'digest'].orValue('').matches('^sha256:[0-9a-f]{64}$') \
         : variables.part == 'chunk' ? variables.entry.matches('^[0-9a-f]{64}$') \
         && 'chunk' in variables.binary && size(variables.binary.chunk) > 0 && size(variables.data) == 0 \
         : variables.part == 'removals' ? variables.entry.matches('^[a-z]+[.][0-9a-f]{16}$') \
         && ['at', 'cause', 'digest', 'object'].all(it, variables.data[?it].orValue('') != '') \
         : variables.part != 'snapshot' || variables.head",
    ),
];
