using Ops.Specs.Inference;

namespace Ops.Specs.Evaluation;

/// <summary>A graph of which only the numbers of inputs and outputs are chosen.</summary>
internal sealed record GraphShape(int InputCount, int OutputCount) : IGraphSignature;
