using Streaming.Api.Wire;

namespace Streaming.Api.Ports;

/// <summary>The models of the engine: which there are, which is in force.</summary>
public interface IModelPort
{
    /// <summary>All models, in a fixed order.</summary>
    Task<PortResult<ModelsReply>> ListAsync(CancellationToken cancellation);

    /// <summary>Puts a version in force.</summary>
    Task<PortResult<ModelsReply>> UseAsync(string name, string version, CancellationToken cancellation);

    /// <summary>Puts the version in force that was before.</summary>
    Task<PortResult<ModelsReply>> RollBackAsync(string name, CancellationToken cancellation);
}
