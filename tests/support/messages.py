"""A protobuf scrape as messages: Google's library reads it by Prometheus' schema."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.internal.decoder import _DecodeVarint32
from google.protobuf.unknown_fields import UnknownFieldSet

ACCEPT = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
PACKAGE = "io.prometheus.client"

# Message, then name, type and number of each field; *: repeated.
SCHEMA = {
    "Timestamp": "seconds int64 1, nanos int32 2",
    "LabelPair": "name string 1, value string 2",
    "Gauge": "value double 1",
    "Counter": "value double 1, exemplar Exemplar 2, created_timestamp Timestamp 3",
    "Quantile": "quantile double 1, value double 2",
    "Summary": "sample_count uint64 1, sample_sum double 2, quantile Quantile* 3, created_timestamp Timestamp 4",
    "Untyped": "value double 1",
    "Histogram": "sample_count uint64 1, sample_count_float double 4, sample_sum double 2, bucket Bucket* 3,"
    "created_timestamp Timestamp 15, schema sint32 5, zero_threshold double 6, zero_count uint64 7,"
    "zero_count_float double 8, negative_span BucketSpan* 9, negative_delta sint64* 10,"
    "negative_count double* 11, positive_span BucketSpan* 12, positive_delta sint64* 13,"
    "positive_count double* 14, exemplars Exemplar* 16",
    "Bucket": "cumulative_count uint64 1, cumulative_count_float double 4, upper_bound double 2, exemplar Exemplar 3",
    "BucketSpan": "offset sint32 1, length uint32 2",
    "Exemplar": "label LabelPair* 1, value double 2, timestamp Timestamp 3",
    "Metric": "label LabelPair* 1, gauge Gauge 2, counter Counter 3, summary Summary 4, untyped Untyped 5,"
    "histogram Histogram 7, timestamp_ms int64 6",
    "MetricFamily": "name string 1, help string 2, type MetricType 3, metric Metric* 4, unit string 5",
}
TYPES = {"counter": 0, "gauge": 1, "summary": 2, "untyped": 3, "histogram": 4}


def _add_field(message, text):
    name, kind, number = text.split()
    field = message.field.add(name=name, number=int(number))
    field.label = field.LABEL_REPEATED if kind.endswith("*") else field.LABEL_OPTIONAL
    kind = kind.rstrip("*")
    if kind in SCHEMA:
        field.type, field.type_name = field.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    elif kind == "MetricType":
        field.type, field.type_name = field.TYPE_ENUM, f".{PACKAGE}.MetricType"
    else:
        field.type = getattr(field, f"TYPE_{kind.upper()}")


def _family_class():
    file = descriptor_pb2.FileDescriptorProto(name="metrics.proto", package=PACKAGE, syntax="proto2")
    enum = file.enum_type.add(name="MetricType")
    for name, number in TYPES.items():
        enum.value.add(name=name.upper(), number=number)
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for text in fields.split(","):
            _add_field(message, text)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.MetricFamily"))


MetricFamily = _family_class()


def read_families(data):
    """Families by name; every byte belongs to a field that the schema has."""
    families, at = {}, 0
    while at < len(data):
        length, at = _DecodeVarint32(data, at)
        family = MetricFamily.FromString(data[at : at + length])
        assert at + length <= len(data) and family.name not in families
        _assert_known(family)
        families[family.name] = family
        at += length
    return families


def _assert_known(message):
    assert len(UnknownFieldSet(message)) == 0, message
    for field, value in message.ListFields():
        if field.message_type is not None:
            for part in value if field.is_repeated else [value]:
                _assert_known(part)


def labels_of(message):
    return frozenset((pair.name, pair.value) for pair in message.label)


def samples_of(families):
    """Values as a text shows them, by name and labels; `le` is a number."""
    samples = {}
    for family in families.values():
        for metric in family.metric:
            for suffix, more, value in _values(family.type, metric):
                key = (family.name + suffix, labels_of(metric) | more)
                assert key not in samples, key
                samples[key] = value
    return samples


def _values(kind, metric):
    nothing = frozenset()
    if kind == TYPES["counter"]:
        yield "", nothing, metric.counter.value
    elif kind == TYPES["gauge"]:
        yield "", nothing, metric.gauge.value
    elif kind == TYPES["summary"]:
        yield "_count", nothing, metric.summary.sample_count
        yield "_sum", nothing, metric.summary.sample_sum
    elif kind == TYPES["histogram"]:
        yield "_count", nothing, metric.histogram.sample_count
        yield "_sum", nothing, metric.histogram.sample_sum
        for bucket in metric.histogram.bucket:
            yield "_bucket", frozenset({("le", bucket.upper_bound)}), bucket.cumulative_count
    else:
        raise AssertionError(kind)


def native_buckets(histogram):
    """Its native buckets: (above, up to, count), the zero bucket first."""
    buckets = [(-histogram.zero_threshold, histogram.zero_threshold, histogram.zero_count)]
    factor, index, count = 2 ** -histogram.schema, 0, 0
    deltas = iter(histogram.positive_delta)
    for span in histogram.positive_span:
        index += span.offset
        for _ in range(span.length):
            count += next(deltas)
            buckets.append((2 ** ((index - 1) * factor), 2 ** (index * factor), count))
            index += 1
    assert next(deltas, None) is None
    return buckets
