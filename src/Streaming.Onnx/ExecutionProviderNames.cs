namespace Streaming.Onnx;

/// <summary>Names of <see cref="ExecutionProvider"/> in settings, metrics and messages.</summary>
public static class ExecutionProviderNames
{
    /// <summary>auto, cuda, tensorrt, webgpu or cpu.</summary>
    public static string WireName(this ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Auto => "auto",
        ExecutionProvider.Cuda => "cuda",
        ExecutionProvider.TensorRt => "tensorrt",
        ExecutionProvider.WebGpu => "webgpu",
        ExecutionProvider.Cpu => "cpu",
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };

    /// <summary>ONNX Runtime's own name.</summary>
    internal static string RuntimeName(this ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Cuda => "CUDAExecutionProvider",
        ExecutionProvider.TensorRt => "TensorrtExecutionProvider",
        ExecutionProvider.WebGpu => "WebGpuExecutionProvider",
        ExecutionProvider.Cpu => "CPUExecutionProvider",
        _ => throw new ArgumentOutOfRangeException(nameof(provider)),
    };
}
