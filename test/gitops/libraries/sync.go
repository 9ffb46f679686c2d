package main

import (
	"context"
	"time"

	"github.com/argoproj/gitops-engine/pkg/cache"
	"github.com/argoproj/gitops-engine/pkg/engine"
	"github.com/argoproj/gitops-engine/pkg/sync"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
)

// One resource of a sync: the phase and hook it belongs to, and its place in the order.
type synced struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Phase   string `json:"phase"`
	Hook    string `json:"hook"`
	Order   int    `json:"order"`
	Status  string `json:"status"`
	State   string `json:"state"`
	Message string `json:"message"`
}

const longestSync = 4 * time.Minute

// Syncs as an Application does whose options are those of examples/11-gitops/argo-cd.yaml.
func syncInto(kubeconfig, namespace string, objects []*unstructured.Unstructured, customizations string) ([]synced, error) {
	checks, err := overrides(customizations)
	if err != nil {
		return nil, err
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 100, 200
	const mark = "kafka-events.dev/synced-by-test"
	for _, object := range objects {
		annotations := object.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[mark] = "true"
		object.SetAnnotations(annotations)
	}
	marked := func(object *unstructured.Unstructured, _ bool) (any, bool) {
		isMarked := object.GetAnnotations()[mark] == "true"
		return isMarked, isMarked
	}
	gitOps := engine.NewEngine(config, cache.NewClusterCache(config, cache.SetPopulateResourceInfoHandler(marked)))
	stop, err := gitOps.Run()
	if err != nil {
		return nil, err
	}
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), longestSync)
	defer cancel()
	isManaged := func(resource *cache.Resource) bool { return resource.Info == true }
	options := []sync.SyncOpt{sync.WithPrune(true), sync.WithServerSideApply(true), sync.WithHealthOverride(checks)}
	results, err := gitOps.Sync(ctx, objects, isManaged, "test", namespace, options...)
	all := make([]synced, 0, len(results))
	for _, result := range results {
		all = append(all, synced{
			Kind:    result.ResourceKey.Kind,
			Name:    result.ResourceKey.Name,
			Phase:   string(result.SyncPhase),
			Hook:    string(result.HookType),
			Order:   result.Order,
			Status:  string(result.Status),
			State:   string(result.HookPhase),
			Message: result.Message,
		})
	}
	return all, err
}
