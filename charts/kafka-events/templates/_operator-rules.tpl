{{/*
  All that the operator may do, in every namespace or in those of operator.watchNamespaces. Each right is used:
  test/integration/charts/operator-rights.test.ts holds the list to what the operator really asks for.
*/}}
{{- define "kafka-events.operatorRules" -}}
- apiGroups: [kafka-events.dev]
  resources: [eventclusters, eventtopics, eventusers, reminderconsumers, chatapis, deadletterreplays]
  verbs: [get, list, watch]
# Finalizers.
- { apiGroups: [kafka-events.dev], resources: [eventclusters, eventtopics, eventusers, reminderconsumers, deadletterreplays], verbs: [patch] }
# The users of workloads, and the dead-letter topics of ReminderConsumers.
- { apiGroups: [kafka-events.dev], resources: [eventtopics, eventusers], verbs: [create, delete] }
- apiGroups: [kafka-events.dev]
  resources: [eventclusters/status, eventtopics/status, eventusers/status, reminderconsumers/status, chatapis/status, deadletterreplays/status]
  verbs: [patch]
# To own what is made for them, so that it goes when they do. Clusters with OwnerReferencesPermissionEnforcement ask it.
- apiGroups: [kafka-events.dev]
  resources: [eventclusters/finalizers, eventusers/finalizers, reminderconsumers/finalizers, chatapis/finalizers, deadletterreplays/finalizers]
  verbs: [update]
- { apiGroups: [''], resources: [services, configmaps], verbs: [get, list, watch, create, patch] }
# Ways in to brokers that are gone.
- { apiGroups: [''], resources: [services], verbs: [delete] }
- { apiGroups: [apps], resources: [statefulsets], verbs: [get, list, watch, create, patch] }
- { apiGroups: [apps], resources: [deployments], verbs: [get, list, watch, create, patch, delete] }
# They stand between a Deployment and its pods: a pod is believed only if they lead to the Deployment.
- { apiGroups: [apps], resources: [replicasets], verbs: [list, watch] }
- { apiGroups: [batch], resources: [jobs], verbs: [get, list, watch, create, patch, delete] }
- { apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [get, list, watch, create, patch, delete] }
- { apiGroups: [policy], resources: [poddisruptionbudgets], verbs: [get, list, watch, create, patch, delete] }
# Brokers are rolled one at a time, by evicting their pods. Budgets may hold an eviction against the next pod of that name.
- { apiGroups: [policy], resources: [poddisruptionbudgets/status], verbs: [patch] }
- { apiGroups: [''], resources: [pods], verbs: [list, watch] }
- { apiGroups: [''], resources: [pods/eviction], verbs: [create] }
# Secrets are read for what resources refer to: database URIs, tokens, credentials. Those of EventUsers, and of an
# EventCluster with security, are written.
- { apiGroups: [''], resources: [secrets], verbs: [get, list, watch, create, patch] }
# Certificates of an EventCluster with an issuer of cert-manager.
- { apiGroups: [cert-manager.io], resources: [certificates], verbs: [get, create, patch] }
# Volumes that grow.
- { apiGroups: [''], resources: [persistentvolumeclaims], verbs: [list, watch, patch] }
# What the operator tells, and why a StatefulSet's pods are refused at admission.
- { apiGroups: [''], resources: [events], verbs: [list, create, patch] }
{{- end }}
