"""The answer of /metrics as numbers."""

from prometheus_client.parser import text_string_to_metric_families


class Samples:
    """Samples by name and labels, of one scrape."""

    def __init__(self, text):
        self.text = text
        self.families = {f.name: f for f in text_string_to_metric_families(text)}
        self._values = {
            (s.name, frozenset(s.labels.items())): s.value
            for family in self.families.values()
            for s in family.samples
        }

    def __call__(self, name, **labels):
        """The one sample with exactly these labels; KeyError without it."""
        return self._values[name, frozenset(labels.items())]

    def get(self, name, **labels):
        """The same, None without it."""
        return self._values.get((name, frozenset(labels.items())))

    def total(self, name, **labels):
        """The sum over all samples that have these labels among others."""
        wanted = set(labels.items())
        return sum(v for (n, have), v in self._values.items() if n == name and wanted <= have)

    def series(self, name):
        """Label sets of a sample name."""
        return [dict(have) for n, have in self._values if n == name]
