package main

import "fmt"

// etcd's two addresses, as both sides understand them: Unix sockets in the
// folder where they are started, so that no port is needed and no other user
// gets at the data. etcd insists on something that looks like a port.
const (
	etcdSocket     = "localhost:1"
	etcdPeerSocket = "localhost:2"
)

// Every flag below is here for speed, for isolation, or because nothing starts
// without it.

func etcdFlags() []string {
	return []string{
		"--name=etcd",
		"--data-dir=etcd",
		"--listen-client-urls=unix://" + etcdSocket,
		"--advertise-client-urls=unix://" + etcdSocket,
		"--listen-peer-urls=unix://" + etcdPeerSocket,
		"--initial-advertise-peer-urls=unix://" + etcdPeerSocket,
		"--initial-cluster=etcd=unix://" + etcdPeerSocket,
		"--quota-backend-bytes=8589934592",
		"--unsafe-no-fsync",
		"--log-level=warn",
	}
}

func apiServerFlags(port int) []string {
	return []string{
		"--etcd-servers=unix://" + etcdSocket,
		"--bind-address=127.0.0.1",
		// Without a network there is no default route to take it from.
		"--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--permit-port-sharing", // with reservedPort
		"--tls-cert-file=apiserver.crt",
		"--tls-private-key-file=apiserver.key",
		"--token-auth-file=tokens.csv",
		"--authorization-mode=Node,RBAC",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=service-accounts.key",
		"--service-account-signing-key-file=service-accounts.key",
		"--service-cluster-ip-range=10.96.0.0/16",
		// Pods of a new namespace need not wait for its service account.
		"--disable-admission-plugins=ServiceAccount",
		// The `kubernetes` Service leads nowhere: no pod really runs.
		"--endpoint-reconciler-type=none",
		// Limits that tests of thousands of objects stay below.
		"--max-requests-inflight=2000",
		"--max-mutating-requests-inflight=1000",
		"--audit-policy-file=audit.yaml",
		"--audit-log-path=audit.log",
		"--profiling=false",
	}
}

func controllerManagerFlags() []string {
	return []string{
		"--kubeconfig=components.kubeconfig",
		"--service-account-private-key-file=service-accounts.key",
		"--leader-elect=false",
		"--secure-port=0",
		"--kube-api-qps=500",
		"--kube-api-burst=1000",
	}
}

func schedulerFlags() []string {
	return []string{
		"--kubeconfig=components.kubeconfig",
		"--leader-elect=false",
		"--secure-port=0",
		"--kube-api-qps=500",
		"--kube-api-burst=1000",
	}
}

func kwokFlags() []string {
	return []string{
		"--kubeconfig=components.kubeconfig",
		"--config=stages.yaml",
		"--manage-all-nodes=true",
		// Without a lease the node turns NotReady after 40 s.
		"--node-lease-duration-seconds=40",
	}
}
