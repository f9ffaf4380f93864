/* links: -Itests/unit */
#include "unit.h"

#include "../../../src/metrics/negotiate.c"

#define TEXT METRICS_FORMAT_TEXT
#define OPEN METRICS_FORMAT_OPENMETRICS
#define OM "application/openmetrics-text"
#define PROTO METRICS_FORMAT_PROTOBUF
#define PB "application/vnd.google.protobuf"
#define PB_FULL PB ";proto=io.prometheus.client.MetricFamily;encoding=delimited"

static void
the_format_liked_best_is_chosen(void **state)
{
	static const struct {
		const char *accept;
		enum metrics_format format;
	} cases[] = {
		{ NULL, TEXT },
		{ "", TEXT },
		{ "*/*", TEXT },
		{ "text/*", TEXT },
		{ "text/plain", TEXT },
		{ "text/html,application/xhtml+xml,*/*;q=0.8", TEXT },
		{ "application/*", TEXT }, /* it may not know the newer one */
		{ OM, OPEN },
		{ "Application/OpenMetrics-Text", OPEN },
		{ OM ";version=1.0.0", OPEN },
		{ OM "; version=1.0.0; charset=utf-8", OPEN },
		{ OM ";version=\"1.0.0\"", OPEN },
		{ OM ";version=0.0.1", TEXT },
		{ OM ";version=2.0.0", TEXT },
		{ OM ";version=1.0.0;q=0", TEXT },
		{ OM ";q=0.5,text/plain;q=0.4", OPEN },
		{ OM ";q=0.5,text/plain;q=0.5", OPEN },
		{ OM ";q=0.4,text/plain;q=0.5", TEXT },
		{ OM ";q=0.001,text/plain;q=0", OPEN },
		{ "text/plain," OM, OPEN },
		/* the more specific range wins over the more liked one */
		{ "*/*;q=1," OM ";q=0.1,text/plain;q=0.05", OPEN },
		{ OM ";q=0.3,text/*;q=0.5", TEXT },
		{ OM ";q=0.3,*/*;q=0.5", TEXT },
		/* Prometheus 2.42 */
		{ OM ";version=1.0.0," OM
		     ";version=0.0.1;q=0.75,text/plain;version=0.0.4;"
		     "q=0.5,*/*;q=0.1",
		    OPEN },
		/* Prometheus 3 */
		{ OM ";version=1.0.0;escaping=allow-utf-8;q=0.5," OM
		     ";version=0.0.1;q=0.4,text/plain;version=1.0.0;"
		     "escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;"
		     "q=0.2,*/*;q=0.1",
		    OPEN },
		/* protobuf: as a whole or not at all */
		{ PB_FULL, PROTO },
		{ PB ";encoding=delimited;proto=\"io.prometheus.client."
		     "MetricFamily\"",
		    PROTO },
		{ PB, TEXT },
		{ PB ";encoding=delimited", TEXT },
		{ PB ";proto=io.prometheus.client.MetricFamily", TEXT },
		{ PB ";proto=io.prometheus.client.MetricFamily;encoding=text",
		    TEXT },
		{ PB ";proto=io.prometheus.client.MetricFamily;encoding=",
		    TEXT },
		{ PB ";proto=io.prometheus.client.Metric;encoding=delimited",
		    TEXT },
		{ PB_FULL "x", TEXT },
		{ PB_FULL ";q=0", TEXT },
		{ PB_FULL ";q=0," OM, OPEN },
		{ PB ";q=1," OM ";q=0.1", OPEN },
		{ PB_FULL ";q=0.5," OM ";q=0.6", OPEN },
		{ PB_FULL ";q=0.6," OM ";q=0.6", PROTO },
		{ OM "," PB_FULL, PROTO },
		{ PB_FULL ";q=0.4,text/plain;q=0.5", TEXT },
		{ PB_FULL ";q=0.4," OM ";q=0.45,text/plain;q=0.5", TEXT },
		{ "*/*," PB_FULL ";q=0.1", TEXT },
		/* Prometheus 2.42 with native histograms */
		{ PB_FULL "," OM ";version=1.0.0;q=0.8," OM
			  ";version=0.0.1;q=0.75,text/plain;version=0.0.4;"
			  "q=0.5,*/*;q=0.1",
		    PROTO },
		/* Prometheus 3, the same */
		{ PB_FULL ";q=0.6," OM
			  ";version=1.0.0;escaping=allow-utf-8;q=0.5," OM
			  ";version=0.0.1;q=0.4,text/plain;version=1.0.0;"
			  "escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;"
			  "q=0.2,*/*;q=0.1",
		    PROTO },
		/* blanks where they may be, and what else may be quoted */
		{ " \t" OM " ; version = 1.0.0 ; q=0.9 , text/plain ; q=0.1",
		    OPEN },
		{ OM ";note=\"a,b;q=0\";q=1", OPEN },
		{ OM ";note=\"a\\\";q=0\"", OPEN },
		{ "x/y;note=\"," OM "\"", TEXT },
		/* nonsense */
		{ ";;;,,,q=", TEXT },
		{ ",", TEXT },
		{ OM ";q=", TEXT },
		{ OM ";q=2", TEXT },
		{ OM ";q=-1", TEXT },
		{ OM ";q=0.1234", TEXT },
		{ OM ";q=1.1", TEXT },
		{ OM ";q=1.000", OPEN },
		{ OM ";version=\"", TEXT },
		{ OM ";version=\"\"", TEXT },
		{ OM ";q=x", TEXT },
		{ OM ";q", OPEN },
		{ OM ";\"", OPEN },
		{ OM "x", TEXT },
		{ "x" OM, TEXT },
		{ "application/", TEXT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_case(
		    metrics_negotiate(cases[i].accept) == cases[i].format, "%s",
		    cases[i].accept);
}

static void
gzip_is_taken_where_it_is_named(void **state)
{
	static const struct {
		const char *encodings;
		bool accepts;
	} cases[] = {
		{ NULL, false },
		{ "", false },
		{ "gzip", true },
		{ "GZIP", true },
		{ "x-gzip", true },
		{ "gzip, deflate, br", true },
		{ "deflate, gzip;q=0.5", true },
		{ "br;q=1.0, gzip;q=0.001", true },
		{ "gzip;q=0", false },
		{ "gzip;q=0.000", false },
		{ "gzip; q=0 , identity", false },
		{ "gzip;q=0,*", false },
		{ "*", true },
		{ "*;q=0", false },
		{ "identity", false },
		{ "identity, *;q=0", false },
		{ "gzipped", false },
		{ "zgzip", false },
		{ "deflate;gzip", false },
		{ "x=\"gzip\"", false },
		{ ",,gzip,,", true },
		{ "gzip;q=nonsense", false },
		{ "gzip;q=", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_case(metrics_accepts_gzip(cases[i].encodings) ==
				cases[i].accepts,
		    "%s", cases[i].encodings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_format_liked_best_is_chosen),
		cmocka_unit_test(gzip_is_taken_where_it_is_named),
	};

	return (RUN(tests));
}
