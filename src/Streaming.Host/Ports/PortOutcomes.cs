using Streaming.Api.Ports;
using Streaming.Host.Http;

namespace Streaming.Host.Ports;

/// <summary>The engine's outcomes in the words of the HTTP interface.</summary>
internal static class PortOutcomes
{
    /// <summary>The same outcome.</summary>
    public static PortOutcome Of(UserLookupOutcome outcome) => outcome switch
    {
        UserLookupOutcome.Found => PortOutcome.Found,
        UserLookupOutcome.Unknown => PortOutcome.Unknown,
        UserLookupOutcome.Unavailable => PortOutcome.Unavailable,
        UserLookupOutcome.TimedOut => PortOutcome.TimedOut,
        _ => PortOutcome.Failed,
    };
}
