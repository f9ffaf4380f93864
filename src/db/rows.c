#include "db/rows.h"

#include <endian.h>
#include <libpq-fe.h>
#include <string.h>

/* jsonb's binary form is one version byte and the text. */
#define JSONB_HEADER_BYTES 1

bool
row_is_null(const struct rows *rows, int row, int column)
{
	return (PQgetisnull(rows->result, row, column) != 0);
}

int64_t
row_int(const struct rows *rows, int row, int column)
{
	const char *value = PQgetvalue(rows->result, row, column);
	uint64_t wide;
	uint32_t narrow;

	switch (PQgetlength(rows->result, row, column)) {
	case sizeof(narrow):
		memcpy(&narrow, value, sizeof(narrow));
		return ((int32_t)be32toh(narrow));
	case sizeof(wide):
		memcpy(&wide, value, sizeof(wide));
		return ((int64_t)be64toh(wide));
	default:
		return (0);
	}
}

bool
row_bool(const struct rows *rows, int row, int column)
{
	return (PQgetlength(rows->result, row, column) == 1 &&
		PQgetvalue(rows->result, row, column)[0] != 0);
}

double
row_double(const struct rows *rows, int row, int column)
{
	uint64_t bits = (uint64_t)row_int(rows, row, column);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return (value);
}

int64_t
row_time(const struct rows *rows, int row, int column)
{
	return (row_int(rows, row, column));
}

const char *
row_text(const struct rows *rows, int row, int column, size_t *length)
{
	if (length != NULL)
		*length = (size_t)PQgetlength(rows->result, row, column);
	return (PQgetvalue(rows->result, row, column));
}

const char *
row_json(const struct rows *rows, int row, int column, size_t *length)
{
	const char *value = row_text(rows, row, column, length);

	if (*length < JSONB_HEADER_BYTES)
		return (value);
	*length -= JSONB_HEADER_BYTES;
	return (value + JSONB_HEADER_BYTES);
}
