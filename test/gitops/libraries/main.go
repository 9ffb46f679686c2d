// What Argo CD and Flux make of our manifests and resources, by their own libraries.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A JSON list of objects comes on the standard input, and a JSON list of results goes to the standard output.
func run(args []string) error {
	var objects []*unstructured.Unstructured
	if err := json.NewDecoder(os.Stdin).Decode(&objects); err != nil {
		return err
	}
	var results any
	var err error
	switch {
	case len(args) == 2 && args[0] == "health":
		results, err = healthOf(objects, args[1])
	case len(args) == 4 && args[0] == "sync":
		results, err = syncInto(args[1], args[2], objects, args[3])
	default:
		err = fmt.Errorf("usage: gitops health CUSTOMIZATIONS | gitops sync KUBECONFIG NAMESPACE CUSTOMIZATIONS")
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(results)
}
