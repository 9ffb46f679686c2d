{{/*
  What all pods have that say nothing else: image.pullSecrets, image.pullPolicy and `pods`, as one map. The operator gets it
  for the pods that it makes (src/operator/pods/pod-defaults.ts).
*/}}
{{- define "kafka-events.podDefaults" -}}
{{- $defaults := deepCopy (.Values.pods | default dict) }}
{{- $secrets := concat ((.Values.global).imagePullSecrets | default list) (.Values.image.pullSecrets | default list) }}
{{- $_ := set $defaults "imagePullSecrets" $secrets }}
{{- $_ := set $defaults "imagePullPolicy" .Values.image.pullPolicy }}
{{- $_ := set $defaults "imageRegistry" (.Values.global).imageRegistry }}
{{- range $name, $value := $defaults }}
{{- if not $value }}{{ $_ := unset $defaults $name }}{{ end }}
{{- end }}
{{- toJson $defaults }}
{{- end }}

{{/*
  Puts them under a pod template: whatever is in the template stays, maps and lists get what they lack. Takes a list: the
  root, the template as YAML, the labels that select its pods as YAML.
*/}}
{{- define "kafka-events.withPodDefaults" -}}
{{- $defaults := include "kafka-events.podDefaults" (index . 0) | fromJson }}
{{- $template := index . 1 | fromYaml }}
{{- $selector := index . 2 | fromYaml }}
{{- with $template.Error }}{{ fail . }}{{ end }}
{{- $metadata := $template.metadata }}
{{- $spec := $template.spec }}
{{- range $name := list "labels" "annotations" }}
{{- with get $defaults $name }}
{{- $_ := set $metadata $name (merge (get $metadata $name | default dict) .) }}
{{- end }}
{{- end }}
{{- range $name := list "nodeSelector" "affinity" "securityContext" }}
{{- with get $defaults $name }}
{{- $_ := set $spec $name (merge (get $spec $name | default dict) .) }}
{{- end }}
{{- end }}
{{- range $name := list "tolerations" "imagePullSecrets" }}
{{- with get $defaults $name }}
{{- $_ := set $spec $name (concat (get $spec $name | default list) . | uniq) }}
{{- end }}
{{- end }}
{{- with $defaults.priorityClassName }}
{{- $_ := set $spec "priorityClassName" ($spec.priorityClassName | default .) }}
{{- end }}
{{- $spread := $spec.topologySpreadConstraints | default list }}
{{- $keys := list }}
{{- range $spread }}{{ $keys = append $keys .topologyKey }}{{ end }}
{{- range $defaults.topologySpreadConstraints }}
{{- if not (has .topologyKey $keys) }}
{{- $spread = append $spread (merge (dict) . (dict "labelSelector" (dict "matchLabels" $selector))) }}
{{- end }}
{{- end }}
{{- with $spread }}{{ $_ := set $spec "topologySpreadConstraints" . }}{{ end }}
{{- range $container := $spec.containers }}
{{- with $defaults.imagePullPolicy }}
{{- $_ := set $container "imagePullPolicy" . }}
{{- end }}
{{- with $defaults.containerSecurityContext }}
{{- $_ := set $container "securityContext" (merge $container.securityContext .) }}
{{- end }}
{{- $env := $container.env | default list }}
{{- $names := list }}
{{- range $env }}{{ $names = append $names .name }}{{ end }}
{{- range $defaults.env }}
{{- if not (has .name $names) }}{{ $env = append $env . }}{{ end }}
{{- end }}
{{- with $env }}{{ $_ := set $container "env" . }}{{ end }}
{{- end }}
{{- toYaml $template }}
{{- end }}

{{/* An image, from global.imageRegistry if that is set. Takes a list: the root, the image. */}}
{{- define "kafka-events.fromRegistry" -}}
{{- $registry := ((index . 0).Values.global).imageRegistry }}
{{- $image := index . 1 }}
{{- if $registry }}{{ $registry }}/{{ regexReplaceAll "^([^/]*[.:][^/]*|localhost)/" $image "" }}{{ else }}{{ $image }}{{ end }}
{{- end }}
