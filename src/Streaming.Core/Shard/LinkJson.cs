using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Core.Shard;

/// <summary>Records of <c>links</c>. Only shards write there, each in its transaction; what somebody else put there is left out by every reader alike, and stops nobody.</summary>
internal static class LinkJson
{
    /// <summary>A guest's delta, or null where the record is none.</summary>
    public static LinkDelta? Read(ReadOnlySpan<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize(value, ContractsJson.Default.LinkDelta) is { UserId.Length: > 0, AnonymousId.Length: > 0, Counts: not null, Actions: not null } delta
                && !delta.Actions.Any(a => a is null || string.IsNullOrEmpty(a.ItemId)) ? delta : null;
        }
        catch (JsonException)
        {
            return null; // counted by the live reader: streaming_refused_links_total
        }
    }
}
