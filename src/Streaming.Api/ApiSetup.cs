using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Streaming.Api.Ports;
using Streaming.Api.Settings;
using Streaming.Core.Decode;

namespace Streaming.Api;

/// <summary>What the host gives to the interface.</summary>
public sealed record ApiSetup
{
    /// <summary>Settings.</summary>
    public required ApiOptions Options { get; init; }
    /// <summary>The engine.</summary>
    public required ApiPorts Ports { get; init; }
    /// <summary>Limits of an event: those of the engine, so that what passes here passes there.</summary>
    public DecodeOptions Decode { get; init; } = new();
    /// <summary>Surface of a request that names none (<c>Shard:Surface</c>).</summary>
    public string DefaultSurface { get; init; } = "home";
    /// <summary>Logging.</summary>
    public required ILoggerFactory Loggers { get; init; }
    /// <summary>The clock. Tokens of an identity provider are held against the machine's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
    /// <summary>Whether the host is in the Development environment (<c>IHostEnvironment.IsDevelopment()</c>).</summary>
    public bool IsDevelopment { get; init; }
    /// <summary>Where the identity provider's keys come from; null: from its well-known address.</summary>
    public BaseConfigurationManager? IdentityProvider { get; init; }

    /// <summary>Every error at once.</summary>
    public IEnumerable<string> Validate() =>
        Options.Validate().Concat(Decode.Validate().Select(e => "Decode:" + e)).Concat(Options.ValidateServed(IsDevelopment, Ports.Erase is not null || Ports.Export is not null));
}
