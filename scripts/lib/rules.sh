# Prometheus' rules as Kubernetes' operator takes them: the groups of
# deploy/prometheus/, word for word.

RULES=deploy/kubernetes/prometheusrule.yaml

# The manifest as it should be.
rules_manifest()
{
	cat <<-EOF
	# Made by ./dev rules --write from deploy/prometheus/. Your operator may want a
	# label here (Helm's kube-prometheus-stack: release: NAME).
	apiVersion: monitoring.coreos.com/v1
	kind: PrometheusRule
	metadata:
	  name: chores
	  labels:
	    app.kubernetes.io/name: chores
	spec:
	  groups:
	EOF
	sed -s '1,/^groups:$/d; s/^./  &/' deploy/prometheus/recording.yml \
	    deploy/prometheus/alerts.yml
}

rules_check()
{
	rules_manifest | cmp -s - "$RULES" ||
	    die "$RULES has other rules than deploy/prometheus/:" \
	    "./dev rules --write"
}
