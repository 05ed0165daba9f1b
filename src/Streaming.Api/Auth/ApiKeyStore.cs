using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace Streaming.Api.Auth;

/// <summary>
/// The keys of the file as it is now. The file's bytes are read again each <c>KeysReload</c>, on a request: a mounted secret changes behind a link, where times of change say nothing. A file that is gone
/// means no key at all; one that is damaged leaves the keys of before in force, for a slip of the pen must not shut every shop out, and says so in each reading.
/// </summary>
internal sealed class ApiKeyStore
{
    private readonly string _file;
    private readonly TimeSpan _reload;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _reading = new();
    private byte[] _digest = [];
    private long _readAt;
    private volatile ApiKeySet _keys = ApiKeySet.None;

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">The file is not sound.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ApiKeyStore(string file, TimeSpan reload, TimeProvider time, ILogger logger)
    {
        _file = file;
        _reload = reload;
        _time = time;
        _logger = logger;
        _readAt = time.GetTimestamp();
        var bytes = ApiKeyFile.Read(_file);
        Take(bytes, ApiKeySet.Parse(bytes));
    }

    /// <summary>Checks a key against the file.</summary>
    public CallerCheck Check(string key)
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _readAt)) >= _reload) ReadAgain();
        return _keys.Check(key, _time.GetUtcNow());
    }

    private void ReadAgain()
    {
        lock (_reading)
        {
            if (_time.GetElapsedTime(_readAt) < _reload) return;
            Volatile.Write(ref _readAt, _time.GetTimestamp());
            try
            {
                var bytes = ApiKeyFile.Read(_file);
                if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(_digest)) Take(bytes, ApiKeySet.Parse(bytes));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                (_keys, _digest) = (ApiKeySet.None, []);
                ApiLog.KeysGone(_logger, _file);
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                ApiLog.KeysRefused(_logger, _file, e.Message);
            }
        }
    }

    private void Take(byte[] bytes, ApiKeySet keys)
    {
        (_keys, _digest) = (keys, SHA256.HashData(bytes));
        ApiLog.KeysRead(_logger, _file, keys.Count);
    }
}
