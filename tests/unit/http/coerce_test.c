/* links: -Itests/unit src/http/faults.c src/http/email.c src/http/maildomain.c src/http/mailliteral.c src/http/mailtext.c src/http/idna.c src/http/idnacode.c src/http/bidirule.c src/http/punycode.c src/http/json.c src/http/jsonread.c src/http/numbers.c src/platform/arena.c src/platform/buffer.c src/platform/utf8.c -lunistring -lm */
#include "unit.h"

#include "../../../src/http/coerce.c"

#include "http/jsonread.h"

/* A fault of the field v, without and with a context. */
#define FAULT(type, message, input)                                     \
	"{\"detail\":[{\"type\":\"" type "\",\"loc\":[\"body\",\"v\"]," \
	"\"msg\":\"" message "\",\"input\":" input "}]}"
#define FAULT_WITH(type, message, input, context)                       \
	"{\"detail\":[{\"type\":\"" type "\",\"loc\":[\"body\",\"v\"]," \
	"\"msg\":\"" message "\",\"input\":" input ",\"ctx\":" context "}]}"

/* What is sent, as JSON, and what becomes of it: a value or an answer. */
struct example {
	const char *input, *outcome;
};

struct values {
	struct value v;
};

#define V .name = "v", FIELD_AT(values, v)

static void
put_integers(struct buffer *b, const struct value *value)
{
	size_t i;

	for (i = 0; i < value->integers.count; i++)
		buffer_printf(b, "%" PRId64 ",", value->integers.items[i]);
}

static void
put_value(struct buffer *b, enum field_type type, const struct value *value)
{
	switch (type) {
	case FIELD_TEXT:
	case FIELD_EMAIL:
		assert_int_equal(value->text.data[value->text.length], '\0');
		buffer_append(b, value->text.data, value->text.length);
		break;
	case FIELD_INT:
	case FIELD_CENTS:
		buffer_put_int(b, value->integer);
		break;
	case FIELD_FLOAT:
		buffer_printf(b, "%.17g", value->number);
		break;
	case FIELD_BOOL:
		buffer_puts(b, value->truth ? "yes" : "no");
		break;
	case FIELD_INTS:
		put_integers(b, value);
		break;
	}
}

static void
check_example(const struct field *field, const struct example *example)
{
	struct arena arena;
	struct buffer out;
	struct faults faults;
	struct jsonread_error error;
	struct value value;
	struct fault_at at = { FAULT_body, "v", -1, NULL, false };

	arena_init(&arena);
	buffer_init(&out, 64 * 1024);
	faults_init(&faults, &arena);
	at.input =
	    jsonread(&arena, example->input, strlen(example->input), &error);
	assert_case(at.input != NULL, "%s", example->input);
	coerce(field, &at, &arena, &value, &faults);
	if (value.state == VALUE_SET)
		put_value(&out, field->type, &value);
	else if (value.state == VALUE_NULL)
		buffer_puts(&out, "nothing");
	else
		faults_put(&out, &faults);
	assert_case(faults_any(&faults) == (value.state == VALUE_ABSENT), "%s",
	    example->input);
	assert_case(strcmp(buffer_text(&out), example->outcome) == 0,
	    "%s is %s", example->input, buffer_text(&out));
	buffer_fini(&out);
	arena_fini(&arena);
}

static void
check_examples(
    const struct field *field, const struct example *examples, size_t count)
{
	while (count-- > 0)
		check_example(field, examples++);
}

#define INT_PARSING(input)                                                \
	FAULT("int_parsing",                                              \
	    "Input should be a valid integer, unable to parse string as " \
	    "an integer",                                                 \
	    input)
#define INT_TYPE(input) \
	FAULT("int_type", "Input should be a valid integer", input)
#define INT_SIZE(input)                                             \
	FAULT("int_parsing_size",                                   \
	    "Unable to parse input string as an integer, exceeded " \
	    "maximum size",                                         \
	    input)

static void
integers_are_read_as_people_write_them(void **state)
{
	static const struct field field = { V, .type = FIELD_INT };
	static const struct example examples[] = {
		{ "1", "1" },
		{ "-0", "0" },
		{ "5.0", "5" },
		{ "1e2", "100" },
		{ "true", "1" },
		{ "false", "0" },
		{ "\"+1\"", "1" },
		{ "\"-0\"", "0" },
		{ "\"0_1\"", "1" },
		{ "\" +1_000.0 \"", "1000" },
		{ "\"\\u00a01\\u2003\"", "1" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "9223372036854775808", "9223372036854775807" },
		{ "-9223372036854775809", "-9223372036854775808" },
		{ "\"99999999999999999999\"", "9223372036854775807" },
		{ "null", INT_TYPE("null") },
		{ "[]", INT_TYPE("[]") },
		{ "{\"a\":1e5}", INT_TYPE("{\"a\":100000.0}") },
		{ "\"\"", INT_PARSING("\"\"") },
		{ "\"1.\"", INT_PARSING("\"1.\"") },
		{ "\".0\"", INT_PARSING("\".0\"") },
		{ "\"1.5\"", INT_PARSING("\"1.5\"") },
		{ "\"1e3\"", INT_PARSING("\"1e3\"") },
		{ "\"1__0\"", INT_PARSING("\"1__0\"") },
		{ "\"1.0_0\"", INT_PARSING("\"1.0_0\"") },
		{ "\"+-1\"", INT_PARSING("\"+-1\"") },
		{ "\"\\u0661\"", INT_PARSING("\"\u0661\"") },
		{ "\"\\ufeff1\"", INT_PARSING("\"\ufeff1\"") },
		{ "\"1\\u0000\"", INT_PARSING("\"1\\u0000\"") },
		{ "1.5",
		    FAULT("int_from_float",
			"Input should be a valid integer, got a number with a "
			"fractional part",
			"1.5") },
		{ "1e400", FAULT("finite_number",
			       "Input should be a finite number", "1e400") },
		{ "9223372036854775808.0", INT_SIZE("9.223372036854776e+18") },
		{ "-1e19", INT_SIZE("-1e+19") },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
}

static void
digits_of_a_string_are_limited(void **state)
{
	static const struct field field = { V, .type = FIELD_INT };
	char input[4400] = "\"", outcome[4800];
	struct example example = { input, outcome };

	(void)state;
	memset(input + 1, '9', 4300);
	input[4301] = '"';
	(void)snprintf(outcome, sizeof(outcome), "9223372036854775807");
	check_example(&field, &example);
	memcpy(input + 4301, "9\"", 3);
	(void)snprintf(outcome, sizeof(outcome), INT_SIZE("%s"), input);
	check_example(&field, &example);
}

static void
integers_have_bounds(void **state)
{
	static const struct field field = { V, .type = FIELD_INT,
		.flags = FIELD_GE | FIELD_LE | FIELD_NULLABLE, .ge = 1,
		.le = 365 };
	static const struct example examples[] = {
		{ "1", "1" },
		{ "365", "365" },
		{ "null", "nothing" },
		{ "0", FAULT_WITH("greater_than_equal",
			   "Input should be greater than or equal to 1", "0",
			   "{\"ge\":1}") },
		{ "\"366\"", FAULT_WITH("less_than_equal",
				 "Input should be less than or equal to 365",
				 "\"366\"", "{\"le\":365}") },
		{ "100000000000000000000",
		    FAULT_WITH("less_than_equal",
			"Input should be less than or equal to 365",
			"100000000000000000000", "{\"le\":365}") },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
}

#define FLOAT_PARSING(input)                                             \
	FAULT("float_parsing",                                           \
	    "Input should be a valid number, unable to parse string as " \
	    "a number",                                                  \
	    input)
#define OF_FLOAT(input) \
	FAULT("float_type", "Input should be a valid number", input)
#define ABOVE(input)                                             \
	FAULT_WITH("less_than_equal",                            \
	    "Input should be less than or equal to 1000", input, \
	    "{\"le\":1000.0}")

static void
floats_are_read_with_their_bounds(void **state)
{
	static const struct field field = { V, .type = FIELD_FLOAT,
		.flags = FIELD_GE | FIELD_LE, .ge = 0, .le = 1000 };
	static const struct example examples[] = {
		{ "1", "1" },
		{ "-0", "0" },
		{ "-0.0", "-0" },
		{ "2.4e-324", "0" },
		{ "true", "1" },
		{ "\"+5\"", "5" },
		{ "\" .5\"", "0.5" },
		{ "\"5.\"", "5" },
		{ "\"1e2\"", "100" },
		{ "\"1_00.0_1\"", "100.01000000000001" },
		{ "1000", "1000" },
		{ "null", OF_FLOAT("null") },
		{ "[]", OF_FLOAT("[]") },
		{ "\"\"", FLOAT_PARSING("\"\"") },
		{ "\"abc\"", FLOAT_PARSING("\"abc\"") },
		{ "\"0x10\"", FLOAT_PARSING("\"0x10\"") },
		{ "\"1 0\"", FLOAT_PARSING("\"1 0\"") },
		{ "\" 1_0\"", FLOAT_PARSING("\" 1_0\"") },
		{ "\"1__0\"", FLOAT_PARSING("\"1__0\"") },
		{ "\"\\u0661\"", FLOAT_PARSING("\"\u0661\"") },
		{ "1001", ABOVE("1001") },
		{ "1e3000", ABOVE("1e3000") },
		{ "\"inf\"", ABOVE("\"inf\"") },
		{ "\"NaN\"", ABOVE("\"NaN\"") },
		{ "-0.5", FAULT_WITH("greater_than_equal",
			      "Input should be greater than or equal to 0",
			      "-0.5", "{\"ge\":0.0}") },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
}

/* 10^309 is beyond every float. */
static void
an_integer_may_be_too_large_for_a_float(void **state)
{
	static const struct field field = { V, .type = FIELD_FLOAT };
	char input[320] = "1", outcome[480];
	const struct example example = { input, outcome };

	(void)state;
	memset(input + 1, '0', 309);
	(void)snprintf(outcome, sizeof(outcome), OF_FLOAT("%s"), input);
	check_example(&field, &example);
	input[309] = '\0';
	(void)snprintf(outcome, sizeof(outcome), "1e+308");
	check_example(&field, &example);
}

#define OF_BOOL(input) \
	FAULT("bool_type", "Input should be a valid boolean", input)
#define NO_BOOL(input)                                              \
	FAULT("bool_parsing",                                       \
	    "Input should be a valid boolean, unable to interpret " \
	    "input",                                                \
	    input)

static void
truth_has_many_names(void **state)
{
	static const struct field field = { V, .type = FIELD_BOOL };
	static const struct example examples[] = {
		{ "true", "yes" },
		{ "false", "no" },
		{ "1", "yes" },
		{ "0.0", "no" },
		{ "-0", "no" },
		{ "\"1\"", "yes" },
		{ "\"T\"", "yes" },
		{ "\"True\"", "yes" },
		{ "\"y\"", "yes" },
		{ "\"YES\"", "yes" },
		{ "\"on\"", "yes" },
		{ "\"0\"", "no" },
		{ "\"f\"", "no" },
		{ "\"FALSE\"", "no" },
		{ "\"n\"", "no" },
		{ "\"no\"", "no" },
		{ "\"oFF\"", "no" },
		{ "null", OF_BOOL("null") },
		{ "1.5", OF_BOOL("1.5") },
		{ "[]", OF_BOOL("[]") },
		{ "1e400", OF_BOOL("1e400") },
		{ "9223372036854775808", OF_BOOL("9223372036854775808") },
		{ "9223372036854775807", NO_BOOL("9223372036854775807") },
		{ "2", NO_BOOL("2") },
		{ "-1.0", NO_BOOL("-1.0") },
		{ "\"maybe\"", NO_BOOL("\"maybe\"") },
		{ "\"\"", NO_BOOL("\"\"") },
		{ "\" true\"", NO_BOOL("\" true\"") },
		{ "\"true\\u0000\"", NO_BOOL("\"true\\u0000\"") },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
}

static const char *
is_not_zero(const struct value *value)
{
	return (
	    value->integer == 0 ? "Adjustment amount cannot be zero" : NULL);
}

#define OF_DECIMAL(input)                                           \
	FAULT("decimal_type",                                       \
	    "Decimal input should be an integer, float, string or " \
	    "Decimal object",                                       \
	    input)
#define NO_DECIMAL(input) \
	FAULT("decimal_parsing", "Input should be a valid decimal", input)
#define TOO_FINE(input)                                                       \
	FAULT_WITH("decimal_max_places",                                      \
	    "Decimal input should have no more than 2 decimal places", input, \
	    "{\"decimal_places\":2}")
#define NOT_FINITE(input) \
	FAULT("finite_number", "Input should be a finite number", input)

static void
amounts_have_two_places(void **state)
{
	static const struct field field = { V, .type = FIELD_CENTS,
		.flags = FIELD_GE | FIELD_LE, .ge = -999.99, .le = 999.99,
		.rule = is_not_zero };
	static const struct example examples[] = {
		{ "5", "500" },
		{ "-1.25", "-125" },
		{ "4.35", "435" },
		{ "1e2", "10000" },
		{ "999.99", "99999" },
		{ "999.9900000000000001", "99999" },
		{ "\"5.100\"", "510" },
		{ "\" +1_0.5 \"", "1050" },
		{ "\"1E+2\"", "10000" },
		{ "\"\\u0661\\u0662\"", "1200" },
		{ "null", OF_DECIMAL("null") },
		{ "true", OF_DECIMAL("true") },
		{ "[]", OF_DECIMAL("[]") },
		{ "\"\"", NO_DECIMAL("\"\"") },
		{ "\"abc\"", NO_DECIMAL("\"abc\"") },
		{ "5.555", TOO_FINE("5.555") },
		{ "\"5.555\"", TOO_FINE("\"5.555\"") },
		{ "\"1e-3\"", TOO_FINE("\"1e-3\"") },
		{ "1e-5", TOO_FINE("1e-05") },
		{ "1e400", NOT_FINITE("1e400") },
		{ "\"NaN\"", NOT_FINITE("\"NaN\"") },
		{ "\"-Infinity\"", NOT_FINITE("\"-Infinity\"") },
		{ "1000", FAULT_WITH("less_than_equal",
			      "Input should be less than or equal to 999.99",
			      "1000", "{\"le\":999.99}") },
		{ "-1000",
		    FAULT_WITH("greater_than_equal",
			"Input should be greater than or equal to -999.99",
			"-1000", "{\"ge\":-999.99}") },
		{ "0.00", FAULT_WITH("value_error",
			      "Value error, Adjustment amount cannot be zero",
			      "0.0", "{\"error\":{}}") },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
}

#define OF_TEXT(input) \
	FAULT("string_type", "Input should be a valid string", input)
#define TOO_SHORT(input)                                       \
	FAULT_WITH("string_too_short",                         \
	    "String should have at least 2 characters", input, \
	    "{\"min_length\":2}")

static void
texts_are_as_long_as_their_characters_are_many(void **state)
{
	static const struct field field = { V, .type = FIELD_TEXT,
		.min_length = 2, .max_length = 3 };
	static const struct example examples[] = {
		{ "\"ab\"", "ab" },
		{ "\"\\u00fc\\ud83d\\ude00\\u4f60\"",
		    "\u00fc\U0001f600\u4f60" },
		{ "\"  \"", "  " },
		{ "\"\"", TOO_SHORT("\"\"") },
		{ "\"\U0001f600\"", TOO_SHORT("\"\U0001f600\"") },
		{ "\"abcd\"", FAULT_WITH("string_too_long",
				  "String should have at most 3 characters",
				  "\"abcd\"", "{\"max_length\":3}") },
		{ "1", OF_TEXT("1") },
		{ "1e16", OF_TEXT("1e+16") },
		{ "null", OF_TEXT("null") },
		{ "true", OF_TEXT("true") },
		{ "[ \"x\" ]", OF_TEXT("[\"x\"]") },
	};
	static const struct field one = { V, .type = FIELD_TEXT,
		.min_length = 1, .max_length = 1 };
	static const struct example singular[] = {
		{ "\"\"", FAULT_WITH("string_too_short",
			      "String should have at least 1 character", "\"\"",
			      "{\"min_length\":1}") },
		{ "\"ab\"", FAULT_WITH("string_too_long",
				"String should have at most 1 character",
				"\"ab\"", "{\"max_length\":1}") },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
	check_examples(&one, singular, COUNT_OF(singular));
}

static void
what_no_column_can_hold_is_refused(void **state)
{
	static const struct field field = { V, .type = FIELD_TEXT };
	static const struct field secret = { V, .type = FIELD_TEXT,
		.flags = FIELD_MAY_HOLD_NUL };
	static const struct example nul = { "\"a\\u0000b\"",
		FAULT_WITH("value_error",
		    "Value error, NUL characters are not allowed",
		    "\"a\\u0000b\"", "{\"error\":{}}") };
	static const struct example surrogate = { "\"a\\ud800\"",
		FAULT("string_unicode",
		    "Input should be a valid string, unable to parse raw data "
		    "as a unicode string",
		    "\"a\\ud800\"") };
	struct value value;
	struct faults faults;
	struct arena arena;
	struct fault_at at = { FAULT_body, "v", -1, NULL, false };

	(void)state;
	check_example(&field, &nul);
	check_example(&field, &surrogate);
	check_example(&secret, &surrogate);
	arena_init(&arena);
	faults_init(&faults, &arena);
	at.input = json_text(&arena, "a\0b", 3);
	coerce(&secret, &at, &arena, &value, &faults);
	assert_int_equal(value.state, VALUE_SET);
	assert_int_equal(value.text.length, 3);
	arena_fini(&arena);
}

static void
patterns_are_closed_sets_of_words(void **state)
{
	static const char *const words[] = { "weekly", "monthly", NULL };
	static const struct pattern pattern = { "^(weekly|monthly)$", words };
	static const struct field field = { V, .type = FIELD_TEXT,
		.pattern = &pattern };
#define NO_WORD(input)                                                 \
	FAULT_WITH("string_pattern_mismatch",                          \
	    "String should match pattern '^(weekly|monthly)$'", input, \
	    "{\"pattern\":\"^(weekly|monthly)$\"}")
	static const struct example examples[] = {
		{ "\"weekly\"", "weekly" },
		{ "\"monthly\"", "monthly" },
		{ "\"daily\"", NO_WORD("\"daily\"") },
		{ "\"\"", NO_WORD("\"\"") },
		{ "\"weekly\\n\"", NO_WORD("\"weekly\\n\"") },
		{ "\"Weekly\"", NO_WORD("\"Weekly\"") },
		{ "\"weekly\\u0000\"", NO_WORD("\"weekly\\u0000\"") },
		{ "\"week\"", NO_WORD("\"week\"") },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
}

static void
email_addresses_come_out_normalised(void **state)
{
	static const struct field field = { V, .type = FIELD_EMAIL,
		.flags = FIELD_NULLABLE };
	static const struct example examples[] = {
		{ "\" INFO@Example.COM\"", "info@example.com" },
		{ "null", "nothing" },
		{ "1", OF_TEXT("1") },
		{ "\"(a)@b.co\"",
		    FAULT_WITH("value_error",
			"value is not a valid email address: The email "
			"address contains invalid characters before the "
			"@-sign: '(', ')'.",
			"\"(a)@b.co\"",
			"{\"reason\":\"The email address contains invalid "
			"characters before the @-sign: '(', ')'.\"}") },
		{ "\"a\\\\@b.co\"",
		    FAULT_WITH("value_error",
			"value is not a valid email address: The email "
			"address contains invalid characters before the "
			"@-sign: \\\"\\\\\\\".",
			"\"a\\\\@b.co\"",
			"{\"reason\":\"The email address contains invalid "
			"characters before the @-sign: \\\"\\\\\\\".\"}") },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
}

static void
lists_tell_each_element_that_is_wrong(void **state)
{
	static const struct field field = { V, .type = FIELD_INTS,
		.flags = FIELD_NULLABLE };
#define NO_LIST(input) FAULT("list_type", "Input should be a valid list", input)
	static const struct example examples[] = {
		{ "[]", "" },
		{ "[3,\"4\",5.0,true]", "3,4,5,1," },
		{ "null", "nothing" },
		{ "3", NO_LIST("3") },
		{ "\"3\"", NO_LIST("\"3\"") },
		{ "{\"a\":1}", NO_LIST("{\"a\":1}") },
		{ "[1,\"x\",2,null]",
		    "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":"
		    "[\"body\",\"v\",1],\"msg\":\"Input should be a valid "
		    "integer, unable to parse string as an integer\","
		    "\"input\":\"x\"},{\"type\":\"int_type\",\"loc\":"
		    "[\"body\",\"v\",3],\"msg\":\"Input should be a valid "
		    "integer\",\"input\":null}]}" },
	};

	(void)state;
	check_examples(&field, examples, COUNT_OF(examples));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_read_as_people_write_them),
		cmocka_unit_test(digits_of_a_string_are_limited),
		cmocka_unit_test(integers_have_bounds),
		cmocka_unit_test(floats_are_read_with_their_bounds),
		cmocka_unit_test(an_integer_may_be_too_large_for_a_float),
		cmocka_unit_test(truth_has_many_names),
		cmocka_unit_test(amounts_have_two_places),
		cmocka_unit_test(
		    texts_are_as_long_as_their_characters_are_many),
		cmocka_unit_test(what_no_column_can_hold_is_refused),
		cmocka_unit_test(patterns_are_closed_sets_of_words),
		cmocka_unit_test(email_addresses_come_out_normalised),
		cmocka_unit_test(lists_tell_each_element_that_is_wrong),
	};

	return (RUN(tests));
}
