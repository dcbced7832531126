{{/* Labels of every object; call with (dict "root" $ "component" NAME). */}}
{{- define "kumiko.labels" -}}
app.kubernetes.io/name: kumiko
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* What a Deployment selects its Pods by. */}}
{{- define "kumiko.selector" -}}
app.kubernetes.io/name: kumiko
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* CEL: the request comes from one of our own operators. */}}
{{- define "kumiko.fromOperator" -}}
request.userInfo.username.startsWith('system:serviceaccount:{{ .Release.Namespace }}:kumiko-')
{{- end }}

{{/* CEL: the request comes from the operator that makes namespaces and binds roles in them. */}}
{{- define "kumiko.fromTenancy" -}}
request.userInfo.username == 'system:serviceaccount:{{ .Release.Namespace }}:kumiko-tenancy'
{{- end }}
