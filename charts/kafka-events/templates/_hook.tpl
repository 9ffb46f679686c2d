{{/* The metadata of what a hook is made of. Takes a dict: root, name, hook (when Helm runs it), weight. */}}
{{- define "kafka-events.hookMetadata" -}}
name: {{ .name }}
labels: {{- include "kafka-events.labels" .root | nindent 2 }}
annotations:
  helm.sh/hook: {{ .hook }}
  helm.sh/hook-weight: {{ .weight | quote }}
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}

{{/*
  A Job that runs one program of the image before Helm goes on, under its own ServiceAccount. Takes a dict: root, name, hook,
  program, environment (a list of variables).

  A Job cannot be changed. So its name follows from its content: `helm template | kubectl apply` creates another one when
  anything in it changes, and leaves it alone otherwise.
*/}}
{{- define "kafka-events.hookJob" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  namespace: {{ .root.Release.Namespace | quote }}
  {{- include "kafka-events.hookMetadata" (merge (dict "weight" -1) .) | nindent 2 }}
---
{{- $content := include "kafka-events.hookJobSpec" . }}
{{- $name := printf "%s-%s" .name ($content | sha256sum | trunc 8) }}
apiVersion: batch/v1
kind: Job
metadata:
  namespace: {{ .root.Release.Namespace | quote }}
  {{- include "kafka-events.hookMetadata" (merge (dict "name" $name "weight" 0) .) | nindent 2 }}
spec: {{- $content | nindent 2 }}
{{- end }}

{{- define "kafka-events.hookJobSpec" -}}
backoffLimit: 2
activeDeadlineSeconds: 300
# One that failed stays for a day, for its log.
ttlSecondsAfterFinished: 86400
template: {{- include "kafka-events.withPodDefaults" (list .root (include "kafka-events.hookPod" .) (include "kafka-events.podLabels" .root)) | nindent 2 }}
{{- end }}

{{- define "kafka-events.hookPod" -}}
metadata:
  labels: {{- include "kafka-events.podLabels" .root | nindent 4 }}
spec:
  restartPolicy: Never
  serviceAccountName: {{ .name }}
  {{- include "kafka-events.operatorPod" .root | nindent 2 }}
  containers:
    - name: {{ .program }}
      image: {{ include "kafka-events.image" .root }}
      args: [/app/dist/bin/{{ .program }}.js]
      {{- with .environment }}
      env: {{- toYaml . | nindent 8 }}
      {{- end }}
      resources:
        requests: { cpu: 10m, memory: 64Mi }
        limits: { memory: 192Mi }
      securityContext: {{- include "kafka-events.restrictedContainer" .root | nindent 8 }}
{{- end }}
