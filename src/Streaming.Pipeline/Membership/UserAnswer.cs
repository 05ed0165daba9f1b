using Streaming.Core.Shard;
using Streaming.Pipeline.Wire;

namespace Streaming.Pipeline.Membership;

/// <summary>Answer to a query of a user.</summary>
/// <param name="Result">What came of it.</param>
/// <param name="Partition">Partition that owns the user.</param>
/// <param name="Json">The view or list as JSON, UTF-8, camel case; empty unless found, but for the list of one who is unknown.</param>
public sealed record UserAnswer(UserResult Result, int Partition, ReadOnlyMemory<byte> Json)
{
    /// <summary>The view; null unless found.</summary>
    public UserView? ReadView() => Result == UserResult.Found ? UserViewJson.Read(Json.Span) : null;
}
