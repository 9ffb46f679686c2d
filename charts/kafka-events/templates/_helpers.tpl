{{- define "kafka-events.labels" -}}
app.kubernetes.io/part-of: kafka-events
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Of pods: nothing that changes with the chart's version, or each upgrade would replace them. */}}
{{- define "kafka-events.podLabels" -}}
app.kubernetes.io/part-of: kafka-events
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "kafka-events.operatorName" -}}
{{ .Release.Name }}-operator
{{- end }}

{{- define "kafka-events.operatorSelector" -}}
app.kubernetes.io/name: kafka-events-operator
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "kafka-events.image" -}}
{{ include "kafka-events.fromRegistry" (list . (printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion))) }}
{{- end }}

{{- define "kafka-events.postgresqlName" -}}
{{ .Release.Name }}-postgresql
{{- end }}

{{- define "kafka-events.postgresqlSelector" -}}
app.kubernetes.io/name: postgresql
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{/* The Secret of the chart's PostgreSQL: created for it, or one's own. */}}
{{- define "kafka-events.postgresqlSecret" -}}
{{ .Values.postgresql.existingSecret | default (include "kafka-events.postgresqlName" .) }}
{{- end }}

{{/* The Secret with the users' tokens: created for them, or one's own. */}}
{{- define "kafka-events.tokensSecret" -}}
{{ ((.Values.chatApi.spec.auth).tokensSecretRef).name | default .Values.chatApi.existingSecret | default (printf "%s-tokens" .Values.chatApi.name) }}
{{- end }}

{{/* The Secret with the users' tokens where it is created for them, otherwise empty. */}}
{{- define "kafka-events.createdTokensSecret" -}}
{{- if and .Values.chatApi.enabled (not .Values.chatApi.existingSecret) (not ((.Values.chatApi.spec.auth).tokensSecretRef).name) -}}
{{ include "kafka-events.tokensSecret" . }}
{{- end }}
{{- end }}

{{/* The reference to the Secret with the database's URI: of the chart's PostgreSQL, or of one's own. */}}
{{- define "kafka-events.databaseSecretRef" -}}
{{- if .Values.postgresql.enabled -}}
name: {{ include "kafka-events.postgresqlSecret" . | quote }}
key: uri
{{- else -}}
name: {{ required "database.secretName is empty: with postgresql.enabled false, it names the Secret with your database's URI" .Values.database.secretName | quote }}
key: {{ .Values.database.key | quote }}
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
{{- with .Values.operator.priorityClassName }}
priorityClassName: {{ . | quote }}
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
