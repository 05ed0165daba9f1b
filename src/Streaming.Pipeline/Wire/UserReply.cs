using Streaming.Pipeline.Membership;

namespace Streaming.Pipeline.Wire;

/// <summary>Answer to <see cref="GetUser"/> and <see cref="GetList"/>.</summary>
/// <param name="Result">What came of it.</param>
/// <param name="Json">The view or list, UTF-8; empty unless <see cref="UserResult.Found"/>, but for the list of one who is unknown.</param>
internal sealed record UserReply(UserResult Result, byte[] Json) : IWireMessage
{
    /// <summary>An answer without content.</summary>
    public static UserReply Without(UserResult result) => new(result, []);
}
