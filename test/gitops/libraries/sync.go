package main

import (
	"context"
	"fmt"
	"time"

	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/gitops-engine/pkg/cache"
	"github.com/argoproj/gitops-engine/pkg/sync"
	"github.com/argoproj/gitops-engine/pkg/sync/common"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/gitops-engine/pkg/utils/tracing"
	"github.com/go-logr/logr"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
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

const (
	longestSync  = 4 * time.Minute
	betweenSteps = 200 * time.Millisecond
)

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
	cluster := cache.NewClusterCache(config, cache.SetPopulateResourceInfoHandler(marked))
	if err := cluster.EnsureSynced(); err != nil {
		return nil, err
	}
	defer cluster.Invalidate()
	results, err := untilCompleted(config, cluster, objects, namespace, checks)
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

// Looks at the live objects before each step, as Argo CD does. The Sync of the engine itself looks once, and so waits for
// hooks for ever.
func untilCompleted(
	config *rest.Config, cluster cache.ClusterCache, objects []*unstructured.Unstructured, namespace string, checks lua.ResourceHealthOverrides,
) ([]common.ResourceSyncResult, error) {
	ctx, cancel := context.WithTimeout(context.Background(), longestSync)
	defer cancel()
	kubectl := &kube.KubectlCmd{Log: logr.Discard(), Tracer: tracing.NopTracer{}}
	isManaged := func(resource *cache.Resource) bool { return resource.Info == true }
	phase, message, started := common.OperationRunning, "", metav1.Now()
	var results []common.ResourceSyncResult
	for {
		live, err := cluster.GetManagedLiveObjs(objects, isManaged)
		if err != nil {
			return results, err
		}
		found := sync.Reconcile(objects, live, namespace, cluster)
		step, cleanup, err := sync.NewSyncContext("test", found, config, config, kubectl, namespace, cluster.GetOpenAPISchema(),
			sync.WithInitialState(phase, message, results, started),
			sync.WithPrune(true),
			sync.WithServerSideApply(true),
			// As Argo CD names itself to the API server.
			sync.WithServerSideApplyManager("argocd-controller"),
			sync.WithHealthOverride(checks),
		)
		if err != nil {
			return results, err
		}
		step.Sync()
		phase, message, results = step.GetState()
		cleanup()
		if phase.Completed() {
			if phase != common.OperationSucceeded {
				err = fmt.Errorf("the sync ended as %s: %s", phase, message)
			}
			return results, err
		}
		select {
		case <-ctx.Done():
			return results, fmt.Errorf("the sync took more than %s: %s", longestSync, message)
		case <-time.After(betweenSteps):
		}
	}
}
