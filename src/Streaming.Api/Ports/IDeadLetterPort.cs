using Streaming.Api.Wire;

namespace Streaming.Api.Ports;

/// <summary>Reads dead letters and sends them through once more.</summary>
public interface IDeadLetterPort
{
    /// <summary>A page, newest first.</summary>
    /// <param name="reason">Wire name of the one reason asked for; null: every one.</param>
    /// <param name="limit">Most letters.</param>
    /// <param name="pageToken">Where the former page ended; null: the newest.</param>
    /// <param name="cancellation">Cancels.</param>
    Task<PortResult<DeadLetterPage>> BrowseAsync(string? reason, int limit, string? pageToken, CancellationToken cancellation);

    /// <summary>Writes the values of dead letters to <c>events</c> again, as they came, and answers what became of each. Those that were cut cannot be.</summary>
    Task<PortResult<RedriveReply>> RedriveAsync(IReadOnlyList<string> deadLetterIds, CancellationToken cancellation);
}
