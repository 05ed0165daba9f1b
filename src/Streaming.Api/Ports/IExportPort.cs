using Streaming.Core.Events;

namespace Streaming.Api.Ports;

/// <summary>Gives a person's data out.</summary>
public interface IExportPort
{
    /// <summary>
    /// Everything that the engine keeps of a person, as of one position of the log, as one JSON object, UTF-8. Waits for it; answers all of it or an outcome that says why not, never a part.
    /// </summary>
    Task<PortResult<byte[]>> ExportAsync(UserKey user, CancellationToken cancellation);
}
