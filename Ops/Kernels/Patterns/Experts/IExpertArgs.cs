using Ops.Graphs;

namespace Ops.Kernels;

/// <summary>What the calls of all ops that mix experts have, under the names of their specs.</summary>
internal interface IExpertArgs
{
    long G { get; }

    long I { get; }

    long F { get; }

    long k { get; }

    string scoring { get; }

    bool normalize { get; }

    double routed_scale { get; }

    long num_groups { get; }

    long top_groups { get; }

    long best { get; }

    string activation { get; }

    double activation_alpha { get; }

    double activation_limit { get; }

    string glu_layout { get; }

    GraphAttribute? activation_mod { get; }

    GraphAttribute? router_mod { get; }
}
