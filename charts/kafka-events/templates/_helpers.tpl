{{- define "kafka-events.labels" -}}
app.kubernetes.io/part-of: kafka-events
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Of pods: nothing that changes with the chart's version, or each upgrade would replace them. */}}
{{- define "kafka-events.podLabels" -}}
app.kubernetes.io/part-of: kafka-events
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kafka-events.operatorName" -}}
{{ .Release.Name }}-operator
{{- end }}

{{- define "kafka-events.operatorSelector" -}}
app.kubernetes.io/name: kafka-events-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kafka-events.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "kafka-events.postgresqlName" -}}
{{ .Release.Name }}-postgresql
{{- end }}

{{- define "kafka-events.postgresqlSelector" -}}
app.kubernetes.io/name: postgresql
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* The reference to the Secret with the database's URI: of the chart's PostgreSQL, or of one's own. */}}
{{- define "kafka-events.databaseSecretRef" -}}
{{- if .Values.postgresql.enabled -}}
name: {{ include "kafka-events.postgresqlName" . }}
key: uri
{{- else -}}
name: {{ required "database.secretName is empty: with postgresql.enabled false, it names the Secret with your database's URI" .Values.database.secretName }}
key: {{ .Values.database.key }}
{{- end }}
{{- end }}

{{/* What restricted pod security asks of a container. */}}
{{- define "kafka-events.restrictedContainer" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* What the pods of the operator and of the hooks have in common: where they run, and what they may not. */}}
{{- define "kafka-events.operatorPod" -}}
securityContext:
  runAsNonRoot: true
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.operator.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.operator.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.operator.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.operator.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
  A password or token that is made once: what the Secret has already is kept. `helm template` cannot look, and makes a new
  one each time. Takes a list: the root, the Secret's name, the key, the length.
*/}}
{{- define "kafka-events.generated" -}}
{{- $root := index . 0 -}}
{{- $secret := lookup "v1" "Secret" $root.Release.Namespace (index . 1) | default dict -}}
{{- $kept := get (get $secret "data" | default dict) (index . 2) -}}
{{- if $kept -}}{{ $kept | b64dec }}{{- else -}}{{ randAlphaNum (index . 3 | int) }}{{- end -}}
{{- end }}
