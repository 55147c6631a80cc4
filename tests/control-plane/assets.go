package main

import _ "embed"

// The driver carries what it needs, so that it runs from any folder.
var (
	//go:embed go.mod
	goMod []byte
	//go:embed go.sum
	goSum []byte
	// nodeManifest is the one simulated machine that every pod lands on.
	//go:embed node.yaml
	nodeManifest []byte
	// stagesConfig tells kwok how nodes and pods behave.
	//go:embed stages.yaml
	stagesConfig []byte
	// auditPolicy says which requests the API server writes down.
	//go:embed audit.yaml
	auditPolicy []byte
)
