#include "domain/rewards.h"

#include "domain/dates.h"

int64_t
rewards_cooldown_end_us(int64_t approved_us, int64_t cooldown_days)
{
	return (approved_us + cooldown_days * DATES_US_PER_DAY);
}

int64_t
rewards_cooldown_days_left(int64_t end_us, int64_t now_us)
{
	if (now_us >= end_us)
		return (0);
	return ((end_us - now_us) / DATES_US_PER_DAY + 1);
}
