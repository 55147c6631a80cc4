#include "rule.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef snapshot_policy_types_container_t container_t;
typedef snapshot_policy_types_instance_t instance_t;
typedef snapshot_policy_types_finding_t finding_t;

// The contract's strings have a length and no NUL at their end: print them with %.*s.
#define TEXT(string) (int)(string).len, (const char *)(string).ptr

// A new string, as printf would print it.
static contract_string_t format(const char *format, ...) {
  va_list list, again;
  va_start(list, format);
  va_copy(again, list);
  size_t length = vsnprintf(NULL, 0, format, list);
  char *text = malloc(length + 1);
  if (!text) abort();
  vsnprintf(text, length + 1, format, again);
  va_end(again);
  va_end(list);
  return (contract_string_t){(uint8_t *)text, length};
}

static finding_t *add(findings_t *findings) {
  findings->ptr = realloc(findings->ptr, (findings->len + 1) * sizeof(finding_t));
  if (!findings->ptr) abort();
  return &findings->ptr[findings->len++];
}

static bool same(contract_string_t a, contract_string_t b) {
  return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static void judge_container(const instance_t *instance,
                            const container_t *container,
                            const settings_t *settings,
                            findings_t *findings) {
  // A digest pins the image, whatever the tag says.
  if (container->digest.is_some) return;
  contract_string_t tag;
  contract_string_set(&tag, "latest"); // what no tag means
  if (container->tag.is_some) tag = container->tag.val;

  for (size_t i = 0; i < settings->count; i++) {
    if (!same(tag, settings->tags[i])) continue;
    snapshot_policy_types_subject_t *subject = malloc(sizeof *subject);
    if (!subject) abort();
    subject->tag = SNAPSHOT_POLICY_TYPES_SUBJECT_INSTANCE;
    subject->val.instance = format("%.*s/%.*s", TEXT(instance->service), TEXT(instance->name));

    finding_t *finding = add(findings);
    finding->severity = SNAPSHOT_POLICY_TYPES_SEVERITY_DENY;
    contract_string_dup(&finding->code, "moving-tag");
    finding->message = format("%.*s runs %.*s:%.*s, a tag that moves",
                              TEXT(subject->val.instance), TEXT(container->image), TEXT(tag));
    finding->subjects.ptr = subject;
    finding->subjects.len = 1;
    finding->hint.is_some = true;
    contract_string_dup(&finding->hint.val, "name the version that was tested");
    return;
  }
}

void judge(const exports_snapshot_policy_compatibility_question_t *question,
           const settings_t *settings,
           findings_t *findings) {
  *findings = (findings_t){NULL, 0};
  for (size_t i = 0; i < question->candidate.instances.len; i++) {
    const instance_t *instance = &question->candidate.instances.ptr[i];
    for (size_t j = 0; j < instance->containers.len; j++) {
      judge_container(instance, &instance->containers.ptr[j], settings, findings);
    }
  }
}
