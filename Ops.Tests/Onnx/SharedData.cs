namespace Ops.Tests.Onnx;

/// <summary>ONNX's data beside the project. A test that needs it is inconclusive without it.</summary>
internal static class SharedData
{
    /// <summary>ONNX's node tests.</summary>
    public static string NodeTests => RepositoryPaths.Require("OPSPEC_ONNX_NODE_TESTS", "onnx-node-tests");

    /// <summary>Recorded shape inference.</summary>
    public static string Shapes => RepositoryPaths.Require("OPSPEC_ONNX_SHAPES", "onnx-shape-inference.jsonl");
}
