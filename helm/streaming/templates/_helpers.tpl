{{- define "streaming.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{- define "streaming.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "streaming.labels" -}}
{{ include "streaming.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "streaming.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}{{ default (include "streaming.fullname" .) .Values.serviceAccount.name }}{{ else }}{{ default "default" .Values.serviceAccount.name }}{{ end -}}
{{- end }}

{{- define "streaming.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}{{ end -}}
{{- end }}

{{- /* Name of a pod of the headless service, as the other members reach it. */ -}}
{{- define "streaming.domain" -}}
{{ include "streaming.fullname" . }}-members.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- end }}

{{- /* Workers that are always there, and the most there may be. */ -}}
{{- define "streaming.leastWorkers" -}}
{{ if .Values.autoscaling.enabled }}{{ .Values.autoscaling.minReplicas }}{{ else }}{{ .Values.replicas }}{{ end }}
{{- end }}
{{- define "streaming.mostWorkers" -}}
{{ if .Values.autoscaling.enabled }}{{ .Values.autoscaling.maxReplicas }}{{ else }}{{ .Values.replicas }}{{ end }}
{{- end }}

{{- /* The first two workers and the witness: the same list in the same order everywhere. */ -}}
{{- define "streaming.seeds" -}}
{{- $seeds := list -}}
{{- range $i := until (int (min 2 (include "streaming.leastWorkers" .))) }}{{ $seeds = append $seeds (printf "%s-%d.%s:8110" (include "streaming.fullname" $) $i (include "streaming.domain" $)) }}{{ end -}}
{{- if .Values.witness.enabled }}{{ $seeds = append $seeds (printf "%s-witness-0.%s:8110" (include "streaming.fullname" .) (include "streaming.domain" .)) }}{{ end -}}
{{- join "," $seeds -}}
{{- end }}

{{- /* Sections and keys to environment variables, nested ones too; takes (list prefix map). */ -}}
{{- define "streaming.variables" -}}
{{- $prefix := index . 0 -}}
{{- range $key, $value := index . 1 -}}
{{- if kindIs "map" $value }}
{{- include "streaming.variables" (list (printf "%s%s__" $prefix $key) $value) }}
{{- else if kindIs "slice" $value }}
{{ printf "%s%s" $prefix $key }}: {{ join "," $value | quote }}
{{- else if kindIs "float64" $value }}
{{ printf "%s%s" $prefix $key }}: {{ ternary (printf "%.0f" $value) (toString $value) (eq (floor $value) $value) | quote }}
{{- else }}
{{ printf "%s%s" $prefix $key }}: {{ toString $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- /* What no reading of the values alone can see. */ -}}
{{- define "streaming.check" -}}
{{- if not .Values.config.Consent.Default }}{{ fail "config.Consent.Default must be set to granted or denied: no default is right for every shop's law" }}{{ end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}{{ fail "autoscaling.minReplicas is above autoscaling.maxReplicas" }}{{ end -}}
{{- if hasPrefix "sqlite:" .Values.config.Store.Location }}
{{- if gt (int (include "streaming.mostWorkers" .)) 1 }}{{ fail "SQLite serves one host: with more workers than one set config.Store.Location to cassandra:HOST:PORT" }}{{ end -}}
{{- if not .Values.persistence.enabled }}{{ fail "with config.Store.Location sqlite:… set persistence.enabled: true, or profiles are lost with the pod" }}{{ end -}}
{{- end -}}
{{- end }}

{{- /* The pod of both roles; takes (dict "root" $ "role" "worker|witness" "resources" …). */ -}}
{{- define "streaming.pod" -}}
{{- $ := .root -}}
metadata:
  labels:
    {{- include "streaming.labels" $ | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
    {{- with $.Values.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
  annotations:
    checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") $ | sha256sum }}
    {{- with $.Values.podAnnotations }}{{ toYaml . | nindent 4 }}{{ end }}
spec:
  serviceAccountName: {{ include "streaming.serviceAccount" $ }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with $.Values.imagePullSecrets }}
  imagePullSecrets: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $.Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  terminationGracePeriodSeconds: {{ $.Values.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1654
    runAsGroup: 1654
    fsGroup: 1654
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: streaming
      image: {{ include "streaming.image" $ | quote }}
      imagePullPolicy: {{ $.Values.image.pullPolicy }}
      args: [run]
      envFrom:
        - configMapRef: {name: {{ include "streaming.fullname" $ }}}
      env:
        - name: POD_NAME
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        - name: Cluster__PublicHostname
          value: "$(POD_NAME).{{ include "streaming.domain" $ }}"
        - name: Cluster__Role
          value: {{ title .role }}
        {{- range $.Values.secretEnv }}
        - name: {{ .name }}
          valueFrom: {secretKeyRef: {name: {{ .secretName }}, key: {{ .secretKey }}}}
        {{- end }}
      ports:
        - {name: http, containerPort: 8080}
        - {name: members, containerPort: 8110}
      # A node without Kafka or store is alive, and not ready: an outage must not become a storm of restarts.
      startupProbe:
        httpGet: {path: /health/live, port: http}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /health/live, port: http}
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /health/ready, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 2
      resources: {{ toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: {drop: [ALL]}
      volumeMounts:
        - {name: data, mountPath: /data}
        - {name: tmp, mountPath: /tmp}
        {{- with $.Values.extraVolumeMounts }}{{ toYaml . | nindent 8 }}{{ end }}
  volumes:
    - name: tmp
      emptyDir: {sizeLimit: 1Gi}
    {{- if not (and $.Values.persistence.enabled (eq .role "worker")) }}
    - name: data
      emptyDir: {}
    {{- end }}
    {{- with $.Values.extraVolumes }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- with $.Values.nodeSelector }}
  nodeSelector: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $.Values.tolerations }}
  tolerations: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- with $.Values.affinity }}
  affinity: {{ toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    {{- if $.Values.topologySpreadConstraints }}{{ toYaml $.Values.topologySpreadConstraints | nindent 4 }}
    {{- else }}
    # Workers and the witness together: a node that fails must not take two of three members.
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{ include "streaming.selector" $ | nindent 10 }}
    {{- end }}
{{- end }}
