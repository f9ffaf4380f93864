"""What runs the server elsewhere says what the server says: names, ports and
paths of deploy/ and the Dockerfile agree with each other and with the source."""

import collections
import json
import re

import kubernetes_validate
import pytest
import yaml

from support.ground import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
MONITORS = {"servicemonitor.yaml", "podmonitor.yaml"}
OPERATOR = {*MONITORS, "prometheusrule.yaml"}  # kinds that Kubernetes itself doesn't know


def load(*parts):
    return yaml.safe_load(DEPLOY.joinpath(*parts).read_text())


def manifest(name):
    return load("kubernetes", name)


def manifests():
    return sorted(path.name for path in KUBERNETES.glob("*.yaml") if path.name != "kustomization.yaml")


def instructions():
    """Of the Dockerfile's last stage: what follows each instruction."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    found = collections.defaultdict(list)
    for line in text[text.rindex("\nFROM ") :].splitlines():
        name, _, rest = line.partition(" ")
        found[name].append(rest.strip())
    return found


def settings():
    """Name of each setting, and its default."""
    text = (ROOT / "src" / "platform" / "settings.def").read_text()
    return dict(re.findall(r'^SETTING\(\w+, *\w+, *"(\w+)", *\w+, *"(.*?)",', text, re.M))


def variables(text):
    """NAME=value lines of a file of settings, those in comments too."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.M))


COMPOSE = load("compose.yaml")
API = COMPOSE["services"]["api"]
IMAGE = instructions()
ENVIRONMENT = dict(pair.split("=") for pair in IMAGE["ENV"][0].split())
PORTS = {"http": int(ENVIRONMENT["HTTP_PORT"]), "https": int(ENVIRONMENT["PORT"])}
USER = int(IMAGE["USER"][0].split(":")[0])
POD = manifest("deployment.yaml")["spec"]["template"]
CONTAINER = POD["spec"]["containers"][0]
UNIT = (DEPLOY / "systemd" / "chores.service").read_text()


class TestFiles:
    @pytest.mark.parametrize("path", [*DEPLOY.rglob("*.yaml"), *DEPLOY.rglob("*.yml")], ids=lambda p: p.name)
    def test_each_yaml_file_is_one_document(self, path):
        assert isinstance(yaml.safe_load(path.read_text()), dict)

    def test_dashboards_are_json_and_have_names_of_their_own(self):
        dashboards = [json.loads(path.read_text()) for path in DEPLOY.glob("grafana/dashboards/*.json")]
        assert len({d["uid"] for d in dashboards}) == len({d["title"] for d in dashboards}) == len(dashboards) > 0

    def test_what_holds_secrets_is_kept_out_of_git_and_of_the_image(self):
        for file, names in {
            ".gitignore": (".env", "/deploy/kubernetes/secret.yaml", "/deploy/certificate/"),
            ".dockerignore": (".env", "**/.env", "**/secret.yaml", "deploy/certificate"),
        }.items():
            assert set(names) <= set((ROOT / file).read_text().split()), file


class TestImage:
    def test_its_variables_are_settings(self):
        assert ENVIRONMENT.keys() <= settings().keys()

    def test_it_exposes_what_it_listens_on(self):
        assert sorted(map(int, IMAGE["EXPOSE"][0].split())) == sorted(PORTS.values())

    def test_start_writes_to_its_volumes_only(self):
        start = (DEPLOY / "image" / "start").read_text()
        folders = re.findall(r"^(?:ROOT|KEPT)_FOLDER=(\S+)", start, re.M)
        assert sorted(folders) == sorted(IMAGE["VOLUME"])
        conf = (ROOT / "conf" / "prod.conf").read_text()
        assert re.search(r"^root\s+(\S+)$", conf, re.M)[1] in folders


class TestCompose:
    def test_it_does_not_start_without_the_secrets(self):
        text = (DEPLOY / "compose.yaml").read_text()
        asked = set(re.findall(r"\$\{(\w+):\?", text.replace("$$", "")))
        assert asked == {"POSTGRES_PASSWORD", "SECRET_KEY", "REGISTRATION_CODES"}
        for name in asked | {"GRAFANA_PASSWORD"}:
            assert not re.search(rf"\$\{{{name}(:-|\}})", text), f"{name} may be left out"

    def test_grafana_asks_for_its_password(self):
        grafana = COMPOSE["services"]["grafana"]
        assert grafana["environment"] == {"GRAFANA_PASSWORD": None}
        assert 'GF_SECURITY_ADMIN_PASSWORD="$${GRAFANA_PASSWORD:?' in grafana["entrypoint"][-1]

    def test_the_example_names_all_that_may_be_set_and_no_secret(self):
        text = (DEPLOY / "compose.yaml").read_text()
        passed = {n for s in COMPOSE["services"].values() for n, v in s.get("environment", {}).items() if v is None}
        example = variables((DEPLOY / "example.env").read_text())
        assert example.keys() == passed | set(re.findall(r"\$\{(\w+):", text))
        assert {n for n, v in example.items() if v == ""} == {
            "POSTGRES_PASSWORD", "SECRET_KEY", "REGISTRATION_CODES", "GRAFANA_PASSWORD",
            "METRICS_AUTH_TOKEN", "TRUSTED_PROXIES",
        }  # fmt: skip

    def test_what_the_server_is_given_are_settings(self):
        assert API["environment"].keys() <= settings().keys()

    def test_the_database_url_fits_the_database(self):
        postgres = COMPOSE["services"]["postgres"]["environment"]
        user, name, password = (postgres[f"POSTGRES_{n}"] for n in ("USER", "DB", "PASSWORD"))
        assert API["environment"]["DATABASE_URL"] == f"postgresql://{user}:{password}@postgres:5432/{name}"
        assert API["depends_on"]["postgres"] == {"condition": "service_healthy"}
        assert "healthcheck" in COMPOSE["services"]["postgres"]
        assert int(COMPOSE["services"]["postgres"]["image"].partition(":")[2]) >= 15

    def test_it_publishes_both_ports_and_the_plain_one_to_this_host_only(self):
        inside = {int(port.rsplit(":", 1)[1]) for port in API["ports"]}
        assert inside == set(PORTS.values())
        assert f"127.0.0.1:{PORTS['http']}:{PORTS['http']}" in API["ports"]

    def test_the_server_may_write_to_the_images_volumes_only(self):
        places = [entry.split(":")[0] for entry in API["tmpfs"]]
        places += [entry.split(":")[1] for entry in API["volumes"]]
        assert sorted(places) == sorted(IMAGE["VOLUME"])
        assert all(f"uid={USER}" in entry for entry in API["tmpfs"])
        assert API["read_only"] and API["cap_drop"] == ["ALL"]
        assert API["security_opt"] == ["no-new-privileges:true"]

    def test_it_refers_to_files_that_exist(self):
        assert (DEPLOY / API["build"]["context"] / "Dockerfile").is_file()
        arguments = re.findall(r"^ARG (\w+)", (ROOT / "Dockerfile").read_text(), re.M)
        assert set(API["build"]["args"]) == set(arguments)
        for service in COMPOSE["services"].values():
            for volume in service.get("volumes", ()):
                source = volume.split(":")[0]
                assert (DEPLOY / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]

    def test_monitoring_is_a_profile(self):
        profiles = {name: service.get("profiles") for name, service in COMPOSE["services"].items()}
        assert profiles == {"api": None, "postgres": None, "prometheus": ["monitoring"], "grafana": ["monitoring"]}

    def test_prometheus_finds_the_server_and_may_scrape_it(self):
        config = load("prometheus", "prometheus.yml")
        job = config["scrape_configs"][0]
        assert job["job_name"] == "chores-tracker-backend"
        assert job["static_configs"] == [{"targets": [f"api:{PORTS['http']}"]}]
        assert (job["scrape_interval"], job["metrics_path"]) == ("15s", settings()["METRICS_ENDPOINT"])
        assert all((DEPLOY / "prometheus" / name).is_file() for name in config["rule_files"])
        subnet = COMPOSE["networks"]["default"]["ipam"]["config"][0]["subnet"]
        assert API["environment"]["METRICS_ALLOWED_IPS"].endswith(f",{subnet}")

    def test_grafana_finds_prometheus_and_the_dashboards(self):
        source = load("grafana", "provisioning", "datasources", "prometheus.yml")["datasources"][0]
        assert source["url"] == "http://prometheus:9090"
        provider = load("grafana", "provisioning", "dashboards", "chores.yml")["providers"][0]
        mounted = dict(v.split(":")[:2] for v in COMPOSE["services"]["grafana"]["volumes"])
        assert mounted["./grafana/dashboards"] == provider["options"]["path"]
        assert mounted["./grafana/provisioning"] == "/etc/grafana/provisioning"


class TestKubernetes:
    @pytest.mark.parametrize("name", [n for n in manifests() if n not in OPERATOR])
    def test_each_manifest_keeps_to_its_schema(self, name):
        kubernetes_validate.validate(manifest(name), "1.31", strict=True)

    def test_the_kustomization_takes_all_but_the_secret_and_one_monitor(self):
        resources = set(manifest("kustomization.yaml")["resources"])
        assert resources | MONITORS | {"secret.example.yaml"} == set(manifests())
        assert len(resources & MONITORS) == 1

    def test_its_image_is_the_deployments(self):
        name, _, _ = CONTAINER["image"].partition(":")
        assert [image["name"] for image in manifest("kustomization.yaml")["images"]] == [name]

    def test_ports_are_the_images(self):
        assert {port["name"]: port["containerPort"] for port in CONTAINER["ports"]} == PORTS
        service = manifest("service.yaml")
        assert {port["targetPort"]: port["port"] for port in service["spec"]["ports"]} == PORTS
        assert all(port["name"] == port["targetPort"] for port in service["spec"]["ports"])
        policy = manifest("networkpolicy.yaml")["spec"]["ingress"]
        assert {port["port"] for port in policy[0]["ports"]} == PORTS.keys()

    def test_everybody_selects_the_pods(self):
        labels = POD["metadata"]["labels"]
        assert manifest("deployment.yaml")["spec"]["selector"]["matchLabels"] == labels
        assert manifest("service.yaml")["spec"]["selector"] == labels
        assert manifest("service.yaml")["metadata"]["labels"] == labels
        assert manifest("networkpolicy.yaml")["spec"]["podSelector"]["matchLabels"] == labels
        for name in MONITORS:
            assert manifest(name)["spec"]["selector"]["matchLabels"] == labels

    @pytest.mark.parametrize("name", sorted(MONITORS))
    def test_a_monitor_scrapes_the_plain_port_with_the_secrets_token(self, name):
        spec = manifest(name)["spec"]
        (endpoint,) = spec["endpoints" if name == "servicemonitor.yaml" else "podMetricsEndpoints"]
        job = load("prometheus", "prometheus.yml")["scrape_configs"][0]
        assert endpoint["port"] == "http"
        assert endpoint["path"] == job["metrics_path"]
        assert endpoint["interval"] == job["scrape_interval"]
        assert endpoint["relabelings"] == [{"targetLabel": "job", "replacement": job["job_name"]}]
        secret = manifest("secret.example.yaml")
        token = endpoint["authorization"]
        assert token["type"] == "Bearer"
        assert token["credentials"] == {"name": secret["metadata"]["name"], "key": "METRICS_AUTH_TOKEN"}

    def test_a_scrape_by_annotation_goes_to_the_same_place(self):
        assert manifest("service.yaml")["metadata"]["annotations"] == {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": str(PORTS["http"]),
            "prometheus.io/path": settings()["METRICS_ENDPOINT"],
        }

    def test_the_example_of_a_secret_has_all_that_is_needed_and_nothing_in_it(self):
        secret = manifest("secret.example.yaml")
        assert CONTAINER["envFrom"] == [{"secretRef": {"name": secret["metadata"]["name"]}}]
        needed = {"DATABASE_URL", "SECRET_KEY", "REGISTRATION_CODES", "METRICS_AUTH_TOKEN"}
        assert secret["stringData"] == dict.fromkeys(needed, "")

    def test_what_the_server_is_given_are_settings(self):
        names = {variable["name"] for variable in CONTAINER["env"]} | set(manifest("secret.example.yaml")["stringData"])
        assert names <= settings().keys()
        assert POD["spec"]["enableServiceLinks"] is False

    def test_what_clients_may_make_it_hold_fits_into_its_memory(self):
        given = {variable["name"]: variable["value"] for variable in CONTAINER["env"]}
        held = int(given.get("HTTP_HELD_BYTES") or settings()["HTTP_HELD_BYTES"])
        limit = CONTAINER["resources"]["limits"]["memory"]
        assert limit.endswith("Mi")
        # bodies, and as much for answers; as much again is for the rest
        assert int(given["WORKERS"]) * 2 * held <= int(limit[:-2]) * 2**20 / 2

    def test_probes_ask_what_the_server_answers(self):
        routes = (ROOT / "src" / "api" / "operations.def").read_text()
        paths = {kind: CONTAINER[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
        assert paths == {
            "startup": "/api/v1/health", "liveness": "/api/v1/health", "readiness": "/api/v1/health/ready",
        }  # fmt: skip
        assert all(f'"{path}")' in routes for path in paths.values())
        ports = {CONTAINER[f"{kind}Probe"]["httpGet"]["port"] for kind in paths}
        assert ports == {"http"}

    def test_the_server_is_confined(self):
        assert POD["spec"]["securityContext"]["runAsNonRoot"]
        assert POD["spec"]["securityContext"]["runAsUser"] == USER
        assert CONTAINER["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        mounts = {mount["name"]: mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
        assert sorted(mounts.values()) == sorted(IMAGE["VOLUME"])
        assert {v["name"] for v in POD["spec"]["volumes"] if "emptyDir" in v} == mounts.keys()
        assert {"requests", "limits"} == CONTAINER["resources"].keys()

    def test_the_operators_rules_are_prometheus_own(self):
        groups = [g for name in ("recording.yml", "alerts.yml") for g in load("prometheus", name)["groups"]]
        assert manifest("prometheusrule.yaml")["spec"] == {"groups": groups}


class TestSystemd:
    def test_its_variables_are_settings(self):
        line = re.search(r"^Environment=(.*)$", UNIT, re.M)[1]
        assert dict(pair.split("=") for pair in line.split()).keys() <= settings().keys()

    def test_its_folders_are_the_images(self):
        folders = {f"/run/{name}" for name in re.findall(r"^RuntimeDirectory=(\S+)", UNIT, re.M)}
        folders |= {f"/var/lib/{name}" for name in re.findall(r"^StateDirectory=(\S+)", UNIT, re.M)}
        assert folders == set(IMAGE["VOLUME"])

    def test_it_starts_again_whatever_the_status(self):
        """Kore ends in order, with status 0, when it cannot go on."""
        assert re.search(r"^Restart=always$", UNIT, re.M)

    def test_it_starts_what_the_image_starts(self):
        assert [re.search(r"^ExecStart=(.*)$", UNIT, re.M)[1]] == json.loads(IMAGE["ENTRYPOINT"][0])
