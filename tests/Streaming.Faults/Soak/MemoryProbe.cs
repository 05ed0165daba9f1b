using System.Net.Sockets;
using System.Text.Json;

namespace Streaming.Faults.Soak;

/// <summary>Asks a process with the probe inside for readings.</summary>
internal sealed class MemoryProbe : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"memory-probe-{Guid.NewGuid():n}");

    /// <summary>Environment of the process to be measured.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(MemoryProbe).Assembly.Location,
        [MemoryProbeServer.Variable] = _path,
    };

    /// <summary>Forces full collections there and reads what is left.</summary>
    public async Task<MemoryReading> ReadAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_path), cancellation);
        await using var stream = new NetworkStream(socket);
        return await JsonSerializer.DeserializeAsync<MemoryReading>(stream, cancellationToken: cancellation) ?? throw new InvalidDataException("the probe answered nothing");
    }

    public void Dispose() => File.Delete(_path);
}
