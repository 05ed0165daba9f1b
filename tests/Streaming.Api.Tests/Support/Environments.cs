using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Api.Http;
using Streaming.Api.Settings;

namespace Streaming.Api.Tests.Support;

/// <summary>What requests share, without a server.</summary>
internal static class Environments
{
    public static ApiEnvironment Default() => new(new ApiSetup { Options = new ApiOptions(), Ports = new FakePorts().All(), Loggers = NullLoggerFactory.Instance }, NullLogger.Instance);
}
