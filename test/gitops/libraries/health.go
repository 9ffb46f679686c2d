package main

import (
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/gitops-engine/pkg/health"
	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

type verdict struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

type verdicts struct {
	ArgoCD verdict `json:"argoCd"`
	Flux   verdict `json:"flux"`
}

// The value of resource.customizations in the ConfigMap argocd-cm, read as Argo CD reads it.
func overrides(customizations string) (lua.ResourceHealthOverrides, error) {
	var read lua.ResourceHealthOverrides
	return read, yaml.Unmarshal([]byte(customizations), &read)
}

func healthOf(objects []*unstructured.Unstructured, customizations string) ([]verdicts, error) {
	checks, err := overrides(customizations)
	if err != nil {
		return nil, err
	}
	all := make([]verdicts, 0, len(objects))
	for _, object := range objects {
		found, err := health.GetResourceHealth(object, checks)
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = &health.HealthStatus{}
		}
		computed, err := status.Compute(object)
		if err != nil {
			return nil, err
		}
		all = append(all, verdicts{
			ArgoCD: verdict{string(found.Status), found.Message},
			Flux:   verdict{string(computed.Status), computed.Message},
		})
	}
	return all, nil
}
