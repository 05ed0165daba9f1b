using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Streaming.Api.Events;
using Streaming.Api.Settings;
using Streaming.Core.Decode;
using Streaming.Core.Events;

namespace Streaming.Api.Http;

/// <summary>What all requests share.</summary>
internal sealed class ApiEnvironment
{
    private readonly byte[] _salt;

    /// <summary>As it was set up.</summary>
    public ApiEnvironment(ApiSetup setup, ILogger logger)
    {
        Options = setup.Options;
        Decode = setup.Decode;
        DefaultSurface = setup.DefaultSurface;
        Time = setup.Time;
        Logger = logger;
        Ids = new EventChecks(setup.Decode);
        Audit = new Auditor(setup.Ports.Audit, setup.Time, logger);
        _salt = setup.Options.Privacy.HashSalt is { Length: > 0 } salt ? Encoding.UTF8.GetBytes(salt) : RandomNumberGenerator.GetBytes(32);
    }

    /// <summary>Settings.</summary>
    public ApiOptions Options { get; }
    /// <summary>Limits of an event.</summary>
    public DecodeOptions Decode { get; }
    /// <summary>Surface of a request that names none.</summary>
    public string DefaultSurface { get; }
    /// <summary>Clock.</summary>
    public TimeProvider Time { get; }
    /// <summary>Log.</summary>
    public ILogger Logger { get; }
    /// <summary>The engine's form of ids, and its decoder.</summary>
    public EventChecks Ids { get; }
    /// <summary>Audit log.</summary>
    public Auditor Audit { get; }

    /// <summary>What receipts and the audit log say in place of an id: half of HMAC-SHA256 under the salt, hexadecimal.</summary>
    public string HashOf(UserKey user) => Convert.ToHexStringLower(HMACSHA256.HashData(_salt, user.Bytes).AsSpan(0, 16));

    /// <summary>Now, ms since 1970.</summary>
    public long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
