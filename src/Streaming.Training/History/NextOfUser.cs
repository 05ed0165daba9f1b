namespace Streaming.Training.History;

/// <summary>For each event the index of the same user's next one.</summary>
internal static class NextOfUser
{
    /// <summary>Indices; -1: none.</summary>
    public static int[] Of(IReadOnlyList<TrainingEvent> events)
    {
        var next = new int[events.Count];
        var later = new Dictionary<(string, bool), int>();
        for (var i = events.Count - 1; i >= 0; i--)
        {
            var user = (events[i].UserId, events[i].IsGuest);
            next[i] = later.TryGetValue(user, out var at) ? at : -1;
            later[user] = i;
        }

        return next;
    }
}
