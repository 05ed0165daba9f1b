using Streaming.Pipeline.Membership;

namespace Streaming.Pipeline.Wire;

/// <summary>Answer to <see cref="GetUser"/>.</summary>
/// <param name="Result">What came of it.</param>
/// <param name="Json">The view, UTF-8; empty unless <see cref="UserResult.Found"/>.</param>
internal sealed record UserReply(UserResult Result, byte[] Json) : IWireMessage
{
    /// <summary>An answer without a view.</summary>
    public static UserReply Without(UserResult result) => new(result, []);
}
