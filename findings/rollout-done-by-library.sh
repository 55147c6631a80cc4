#!/usr/bin/env bash
# A rollout of a StatefulSet is done to kubectl, and to what Helm and Flux judge by,
# while its pods are not available yet; or while none of them runs the new template.
#
# Versions: k8s.io/kubectl 0.36.1 (Go; `kubectl rollout status` of 1.36),
# github.com/fluxcd/cli-utils 1.2.2 (Go; with its kstatus `helm --wait` of Helm 4.3.1
# and Flux judge).
#
# Behaviour, of three pods:
# - minReadySeconds is set, all pods are new and ready, two are available: of a
#   Deployment both say that one is to come, of a StatefulSet both say done. A pod
#   that ends within its first seconds ends a rollout that was called done;
# - updateStrategy OnDelete, no pod is new: kubectl answers done together with an
#   error; kstatus calls the StatefulSet Current and the DaemonSet InProgress, which
#   that stays until somebody deletes the pods.
#
# Expected: Kubernetes' documentation, "StatefulSets", "Minimum ready seconds": it "is
# used to check progression of a rollout when using a Rolling Update strategy", as
# with a Deployment. That the controller, too, takes an update for complete before
# that is kubernetes/kubernetes#136831; status.availableReplicas is right. kstatus'
# README: Current is a resource that "matches the desired state".
#
# Why it matters here: after an apply, and before the next stage, a tool has to know
# that what it wrote is what runs. Whoever asks one of these for all kinds hears
# "done" too early of databases and queues, which are what minReadySeconds is for.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# object NAME KIND SPEC STATUS: a workload of three pods, as its controller reports it.
object() {
    jq -nc --arg name "$1" --arg kind "$2" --argjson spec "{$3}" --argjson status "{$4}" '{
        apiVersion: "apps/v1", kind: $kind, metadata: {name: $name, generation: 2},
        spec: $spec, status: ($status + {observedGeneration: 2})}'
}
soak='"replicas": 3, "updatedReplicas": 3, "readyReplicas": 3, "availableReplicas": 2'
manual='"replicas": 3, "updatedReplicas": 0, "readyReplicas": 3, "availableReplicas": 3'
nodes='"desiredNumberScheduled": 3, "currentNumberScheduled": 3, "numberReady": 3, "numberAvailable": 3'
{
    object soak Deployment '"replicas": 3, "minReadySeconds": 600' "$soak"
    object soak StatefulSet '"replicas": 3, "minReadySeconds": 600, "updateStrategy": {"type": "RollingUpdate"}' \
        "$soak"', "currentReplicas": 3, "currentRevision": "b", "updateRevision": "b"'
    object manual StatefulSet '"replicas": 3, "updateStrategy": {"type": "OnDelete"}' \
        "$manual"', "currentReplicas": 3, "currentRevision": "a", "updateRevision": "b"'
    object manual DaemonSet '"updateStrategy": {"type": "OnDelete"}' "$nodes"', "updatedNumberScheduled": 0'
} >objects

cat >go.mod <<'EOF'
module judge
go 1.26
require (
	github.com/fluxcd/cli-utils v1.2.2
	k8s.io/apimachinery v0.36.1
	k8s.io/kubectl v0.36.1
)
EOF
cat >main.go <<'EOF'
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/kubectl/pkg/polymorphichelpers"
)

func main() {
	for objects := bufio.NewScanner(os.Stdin); objects.Scan(); {
		var object unstructured.Unstructured
		if err := object.UnmarshalJSON(objects.Bytes()); err != nil {
			panic(err)
		}
		viewer, err := polymorphichelpers.StatusViewerFor(object.GroupVersionKind().GroupKind())
		if err != nil {
			panic(err)
		}
		message, done, err := viewer.Status(&object, 0)
		if err != nil {
			message = err.Error()
		}
		result, err := status.Compute(&object)
		if err != nil {
			panic(err)
		}
		name := object.GetName() + " " + object.GetKind()
		fmt.Printf("%s: kubectl: done %t, %s\n", name, done, strings.TrimSpace(message))
		fmt.Printf("%s: kstatus: %s, %s\n", name, result.Status, result.Message)
	}
}
EOF
go mod tidy
go run . <objects >seen

diff - seen <<'EOF'
soak Deployment: kubectl: done false, Waiting for deployment "soak" rollout to finish: 2 of 3 updated replicas are available...
soak Deployment: kstatus: InProgress, Available: 2/3
soak StatefulSet: kubectl: done true, statefulset rolling update complete 3 pods at revision b...
soak StatefulSet: kstatus: Current, All replicas scheduled as expected. Replicas: 3
manual StatefulSet: kubectl: done true, rollout status is only available for RollingUpdate strategy type
manual StatefulSet: kstatus: Current, StatefulSet is using the ondelete update strategy
manual DaemonSet: kubectl: done true, rollout status is only available for RollingUpdate strategy type
manual DaemonSet: kstatus: InProgress, Updated: 0/3
EOF
echo "as described"
