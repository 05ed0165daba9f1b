using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Errors;

namespace Streaming.Onnx;

/// <summary>
/// Opens sessions on the provider asked for. ONNX Runtime may run nodes on the CPU without a word where a provider lacks them; here the CPU is forbidden
/// to a GPU session (<c>session.disable_cpu_ep_fallback</c>), so a session that opens really runs all of its graph where it says.
/// </summary>
internal static class SessionFactory
{
#if GPU
    private const string Remedy = "the driver or the libraries are missing on this machine";
#else
    private const string Remedy = "this build has the CPU package only; build with -p:Gpu=true (Microsoft.ML.OnnxRuntime.Gpu)";
#endif

    /// <summary>Providers of this build, by our names.</summary>
    public static IReadOnlyList<ExecutionProvider> Available()
    {
        var names = OrtEnv.Instance().GetAvailableProviders();
        return [.. Enum.GetValues<ExecutionProvider>().Where(p => p != ExecutionProvider.Auto && names.Contains(p.RuntimeName()))];
    }

    /// <summary>Fails where a provider that was asked for by name is not in this build.</summary>
    /// <exception cref="ModelRefusedException">Names the build switch.</exception>
    public static void Require(ExecutionProvider provider)
    {
        if (provider is ExecutionProvider.Auto || Available().Contains(provider)) return;
        throw new ModelRefusedException($"execution provider {provider.WireName()} was asked for, but is not available: {Remedy}");
    }

    /// <summary>Opens a session.</summary>
    /// <param name="model">The file's bytes.</param>
    /// <param name="folder">Where external data lies; null: the model has none.</param>
    /// <param name="options">Provider, device and threads.</param>
    /// <returns>The session, the provider that runs it, and why auto did not take a GPU.</returns>
    /// <exception cref="ModelRefusedException">ONNX Runtime did not accept the model on the provider.</exception>
    public static (InferenceSession Session, ExecutionProvider Provider, string? Note) Open(byte[] model, string? folder, OnnxScorerOptions options)
    {
        if (options.ExecutionProvider != ExecutionProvider.Auto)
        {
            Require(options.ExecutionProvider);
            return (OpenOn(options.ExecutionProvider, model, folder, options), options.ExecutionProvider, null);
        }

        string? note = null;
        var available = Available();
        foreach (var provider in new[] { ExecutionProvider.Cuda, ExecutionProvider.WebGpu }.Where(available.Contains))
        {
            try
            {
                return (OpenOn(provider, model, folder, options), provider, note);
            }
            catch (ModelRefusedException e)
            {
                note = e.Message; // auto means: go on with the next; the status and the log carry the reason
            }
        }

        return (OpenOn(ExecutionProvider.Cpu, model, folder, options), ExecutionProvider.Cpu, note);
    }

    private static InferenceSession OpenOn(ExecutionProvider provider, byte[] model, string? folder, OnnxScorerOptions options)
    {
        try
        {
            using var session = Settings(provider, folder, options);
            return new InferenceSession(model, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelRefusedException($"ONNX Runtime refused the model on {provider.WireName()}: {e.Message}", e);
        }
    }

    private static SessionOptions Settings(ExecutionProvider provider, string? folder, OnnxScorerOptions options)
    {
        var session = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            session.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            session.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            if (folder is not null) session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", folder);
            if (provider != ExecutionProvider.Cpu) session.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            Append(session, provider, options.DeviceId);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Append(SessionOptions session, ExecutionProvider provider, int device)
    {
        var deviceId = device.ToString(CultureInfo.InvariantCulture);
        switch (provider)
        {
            case ExecutionProvider.Cuda:
                session.AppendExecutionProvider_CUDA(device);
                break;
            case ExecutionProvider.TensorRt:
                session.AppendExecutionProvider_Tensorrt(device);
                session.AppendExecutionProvider_CUDA(device); // what TensorRT does not take runs on the same GPU
                break;
            case ExecutionProvider.WebGpu:
                session.AppendExecutionProvider("WebGPU", new Dictionary<string, string> { ["deviceId"] = deviceId });
                break;
        }
    }
}
