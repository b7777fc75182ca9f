/* test-grant-queues.c — who gets channel and map registers, and when
 *
 * Queues are looked at from outside, by the events alone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/grant-play.h"

enum
{
  N_SCENARIOS = 300,
  N_STEPS = 80
};

/* Seen from outside: who has asked, in that order, and what became of it. */
typedef struct
{
  uint64_t id;
  DmsAdapter *adapter;
  uint64_t context;
  uint32_t count;
  bool wants_channel, wants_registers; /* waits for it */
  bool is_granted, has_channel;
} Asker;

typedef struct
{
  GArray *askers;   /* not given back, oldest first */
  GHashTable *held; /* registers in use */
  guint n_granted, n_waited, n_cancelled;
} Queue;

static Asker *
find_asker (const Queue *queue, uint64_t id)
{
  for (guint i = 0; i < queue->askers->len; i++)
    {
      Asker *asker = &g_array_index (queue->askers, Asker, i);

      if (asker->id == id)
        return asker;
    }
  return NULL;
}

static void
see_grant (Queue *queue, const DmsEvent *event)
{
  Asker *asker = find_asker (queue, event->object);

  g_assert_false (asker->is_granted);
  g_assert_cmpuint (event->a, ==, asker->count);
  /* Nobody who waited for registers longer is passed. */
  for (guint i = 0; i < queue->askers->len && event->a > 0; i++)
    {
      const Asker *other = &g_array_index (queue->askers, Asker, i);

      if (other == asker)
        break;
      g_assert_false (other->wants_registers);
    }
  asker->is_granted = true;
  asker->wants_registers = false;
  asker->has_channel = true;
  queue->n_granted++;
  for (uint64_t r = event->index; r < event->index + event->a; r++)
    g_assert_true (g_hash_table_add (queue->held, GSIZE_TO_POINTER (r + 1)));
}

static void
see_wait (Queue *queue, const DmsEvent *event)
{
  Asker *asker = find_asker (queue, event->object);

  queue->n_waited++;
  asker->wants_channel = (event->flags & DMS_FLAG_FOR_CHANNEL) != 0;
  asker->wants_registers = !asker->wants_channel;
  if (asker->wants_channel)
    return;
  /* Queues for registers are by the time of waiting: it goes behind those. */
  Asker moved = *asker;
  guint i = (guint)(asker - (Asker *)(void *)queue->askers->data);

  g_array_remove_index (queue->askers, i);
  g_array_append_val (queue->askers, moved);
}

/* Who has just taken it; nobody who waits for it longer is passed. */
static void
see_channel (Queue *queue, const DmsEvent *event)
{
  if ((event->flags & DMS_FLAG_TAKEN) == 0)
    return;
  for (guint i = 0; i < queue->askers->len; i++)
    {
      Asker *asker = &g_array_index (queue->askers, Asker, i);

      if (asker->adapter->id != event->object)
        continue;
      if (asker->adapter->channel == asker->id)
        {
          asker->wants_channel = false;
          return;
        }
      g_assert_false (asker->wants_channel);
    }
  g_assert_not_reached ();
}

static void
see (FixtureRun *run, const DmsEvent *event)
{
  Queue *queue = run->data;

  if (event->kind == DMS_EVENT_ASK)
    {
      Asker *last = &g_array_index (queue->askers, Asker, queue->askers->len - 1);

      last->id = event->object;
    }
  if (event->kind == DMS_EVENT_WAIT)
    see_wait (queue, event);
  if (event->kind == DMS_EVENT_GRANT)
    see_grant (queue, event);
  if (event->kind == DMS_EVENT_CHANNEL)
    see_channel (queue, event);
  if (event->kind == DMS_EVENT_RELEASE)
    for (uint64_t r = event->index; r < event->index + event->a; r++)
      g_assert_true (g_hash_table_remove (queue->held, GSIZE_TO_POINTER (r + 1)));
}

static uint32_t
longest_run (const Play *play, const Queue *queue)
{
  uint32_t longest = 0;
  uint32_t here = 0;

  for (uint64_t r = 0; r < play->scenario.map_registers; r++)
    {
      here = g_hash_table_contains (queue->held, GSIZE_TO_POINTER (r + 1)) ? 0
                                                                           : here + 1;
      longest = MAX (longest, here);
    }
  return longest;
}

/* Nothing is left to do: who still waits has to. */
static void
check_queue (const Play *play, const Queue *queue)
{
  bool is_first = true;

  for (guint i = 0; i < queue->askers->len; i++)
    {
      const Asker *asker = &g_array_index (queue->askers, Asker, i);

      if (asker->wants_channel)
        g_assert_nonnull (dms_grant_live (&play->machine, asker->adapter->channel));
      if (asker->wants_registers && is_first)
        g_assert_cmpuint (asker->count, >, longest_run (play, queue));
      is_first = is_first && !asker->wants_registers;
    }
}

static DmsAction
take_some (DmsMachine *machine, DmsGrant *grant)
{
  (void)machine;
  return grant->data.context == NULL ? DMS_ACTION_KEEP : DMS_ACTION_KEEP_REGISTERS;
}

static void
play_ask (Play *play, Queue *queue)
{
  DmsAdapter *adapter = play->adapters[below (play, play->machine.n_devices)];
  Asker asker
      = { .adapter = adapter,
          .context = 0x1000 + below (play, 1000),
          .count = chance (play, 5) ? 0 : (uint32_t)range (play, 1, adapter->allowed) };
  DmsGrantRequest request = { .adapter = adapter,
                              .context = asker.context,
                              .count = asker.count,
                              .is_synchronous = chance (play, 15),
                              .deliver = take_some,
                              .data = { .context = chance (play, 70) ? play : NULL },
                              .callback = "TakeSome" };

  if (dms_grant_is_context_used (&play->machine, asker.context))
    return;
  dms_grant_prepare (&play->machine, asker.context);
  g_array_append_val (queue->askers, asker);

  uint32_t status = dms_grant_ask (&play->machine, &request, NULL);

  if (status != DMS_NT_SUCCESS)
    {
      g_assert_true (request.is_synchronous);
      g_array_remove_index (queue->askers, queue->askers->len - 1);
    }
}

static void
forget_asker (Queue *queue, guint i)
{
  g_array_remove_index (queue->askers, i);
}

/* Gives back, or cancels, one of them. */
static void
play_end_one (Play *play, Queue *queue)
{
  guint i = (guint)below (play, queue->askers->len);
  Asker asker = g_array_index (queue->askers, Asker, i);
  DmsGrant *grant = dms_grant_live (&play->machine, asker.id);

  if (grant == NULL)
    {
      /* Of no registers: it ended with its callback. */
      g_assert_cmpuint (asker.count, ==, 0);
      forget_asker (queue, i);
    }
  else if (!asker.is_granted)
    {
      g_assert_true (dms_grant_cancel (&play->machine, asker.adapter, asker.context));
      g_assert_null (dms_grant_live (&play->machine, asker.id));
      queue->n_cancelled++;
      forget_asker (queue, i);
    }
  else
    {
      g_assert_false (dms_grant_cancel (&play->machine, asker.adapter, asker.context));
      if (asker.adapter->channel == asker.id)
        dms_grant_free_channel (&play->machine, asker.adapter);
      else
        dms_grant_free_registers (&play->machine, asker.adapter, grant, asker.count);
      forget_asker (queue, i);
    }
}

static void
play_queue (Play *play, Queue *queue)
{
  for (int i = 0; i < N_STEPS || queue->askers->len > 0; i++)
    {
      if (i < N_STEPS && (queue->askers->len == 0 || chance (play, 60)))
        play_ask (play, queue);
      else
        play_end_one (play, queue);
      if (chance (play, 70))
        {
          while (dms_machine_step (&play->machine) == DMS_OK)
            continue;
          check_queue (play, queue);
        }
    }
}

static void
test_queues (void)
{
  guint n_granted = 0;
  guint n_waited = 0;
  guint n_cancelled = 0;

  for (uint64_t salt = 1; salt <= N_SCENARIOS; salt++)
    {
      Queue queue = { .askers = g_array_new (FALSE, FALSE, sizeof (Asker)),
                      .held = g_hash_table_new (NULL, NULL) };
      Play play;

      g_test_message ("queue %" G_GUINT64_FORMAT, salt);
      play_begin (&play, 1000 + salt);
      play.run.after = see;
      play.run.data = &queue;
      play_queue (&play, &queue);
      n_granted += queue.n_granted;
      n_waited += queue.n_waited;
      n_cancelled += queue.n_cancelled;
      g_assert_cmpuint (fixture_count (&play.run, DMS_EVENT_FACT), ==, 0);
      play_end (&play);
      g_array_free (queue.askers, TRUE);
      g_hash_table_unref (queue.held);
    }
  g_test_message (
      "%u granted, %u waits, %u cancelled", n_granted, n_waited, n_cancelled);
  g_assert_cmpuint (n_waited, >, 1000);
  g_assert_cmpuint (n_cancelled, >, 200);
}

int
main (int argc, char **argv)
{
  dms_test_init (&argc, &argv);
  g_test_add_func ("/grant/random/queues", test_queues);
  return g_test_run ();
}
